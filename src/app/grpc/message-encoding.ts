/** The text of `grpc-message`. */

/**
 * Percent-encodes what gRPC asks for (PROTOCOL-HTTP2: everything outside of 0x20-0x7E, and `%`) and nothing else: grpc-js reads a
 * message with `decodeURI`, which leaves `%2F` and `%3A`, and with them every key of ours, as they are.
 */
export function encodeMessage(text: string): string {
  let encoded = '';
  for (const character of text) {
    const isPlain = character >= ' ' && character <= '~' && character !== '%';
    encoded += isPlain ? character : encodeURIComponent(character.isWellFormed() ? character : '\uFFFD');
  }
  return encoded;
}

interface Trailers {
  addTrailers(trailers: Readonly<Record<string, unknown>>): void;
}

/** Writes `grpc-message` anew, as Connect has encoded more of it than it has to. */
export function withReadableMessages(response: Trailers): void {
  const add = response.addTrailers.bind(response);
  response.addTrailers = (trailers) => {
    const { 'grpc-message': message } = trailers;
    if (typeof message !== 'string') add(trailers);
    else add({ ...trailers, 'grpc-message': encodeMessage(decodeURIComponent(message)) });
  };
}
