/** Parsers of arguments and options, for commander: what they do not take is wrong usage. */

import { InvalidArgumentError } from 'commander';

/** A whole number. */
export function numberIn(first: number, last: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (/^\d+$/.test(text) && number >= first && number <= last) return number;
    throw new InvalidArgumentError(`${first}-${last} is accepted.`);
  };
}

/** Number of a transaction. */
export function sequence(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It is the number of a transaction: `ligature config history` lists them.');
}

/** One of these words, in any case. */
export function oneOf(words: readonly string[]): (text: string) => string {
  return (text) => {
    const word = words.find((known) => known.toLowerCase() === text.toLowerCase());
    if (word !== undefined) return word;
    throw new InvalidArgumentError(`Allowed choices are ${words.join(', ')}.`);
  };
}

/** Name of who wants something. */
export function sourceName(text: string): string {
  if (/^[A-Za-z0-9_.-]{1,64}$/.test(text)) return text;
  throw new InvalidArgumentError('Up to 64 letters, digits and _ . - are accepted.');
}
