import { InvalidArgumentError } from 'commander';

/** Parser of an option that is a whole number, for commander. */
export function numberIn(first: number, last: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (/^\d+$/.test(text) && number >= first && number <= last) return number;
    throw new InvalidArgumentError(`${first}-${last} is accepted.`);
  };
}
