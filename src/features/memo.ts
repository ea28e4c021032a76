/** A function of texts that keeps its last answer: values come in runs that have a text in common. */
export function ofLast<T>(make: (text: string) => T): (text: string) => T {
  let last: string | undefined;
  let answer: T;
  return (text) => {
    if (text !== last) {
      answer = make(text);
      last = text;
    }
    return answer;
  };
}
