import { StringDecoder } from 'node:string_decoder';

/** A line longer than this (characters) is handed on in pieces, so that output without line ends cannot fill the memory. */
export const longestLine = 16_384;

/** Cuts a stream of bytes into lines. */
export class LineSplitter {
  readonly #onLine: (line: string) => void;
  readonly #decoder = new StringDecoder('utf8');
  #rest = '';

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  push(chunk: Uint8Array): void {
    const text = this.#rest + this.#decoder.write(chunk);
    let from = 0;
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', from)) {
      this.#emit(text.slice(from, end));
      from = end + 1;
    }
    this.#rest = text.slice(from);
    if (this.#rest.length <= longestLine) return;
    this.#emit(this.#rest);
    this.#rest = '';
  }

  /** Hands on what has no line end. */
  end(): void {
    const rest = this.#rest + this.#decoder.end();
    this.#rest = '';
    if (rest !== '') this.#emit(rest);
  }

  #emit(line: string): void {
    const text = line.endsWith('\r') ? line.slice(0, -1) : line;
    for (let from = 0; from === 0 || from < text.length; from += longestLine)
      this.#onLine(text.slice(from, from + longestLine));
  }
}
