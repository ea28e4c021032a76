/** How one text became another, line by line. */

export type LineMark = 'same' | 'added' | 'removed';

/** Lines of `right`, with those of `left` that it lacks: longest common subsequence, for texts of some hundred lines. */
export function lineDifference(left: string, right: string): readonly (readonly [LineMark, string])[] {
  const before = lines(left);
  const after = lines(right);
  const lengths = commonLengths(before, after);
  const marked: [LineMark, string][] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    if (i < before.length && j < after.length && before[i] === after[j]) {
      marked.push(['same', before[i] ?? '']);
      i++;
      j++;
    } else if (j >= after.length || (i < before.length && length(lengths, i + 1, j) >= length(lengths, i, j + 1))) {
      marked.push(['removed', before[i++] ?? '']);
    } else {
      marked.push(['added', after[j++] ?? '']);
    }
  }
  return marked;
}

function lines(text: string): readonly string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}

function commonLengths(before: readonly string[], after: readonly string[]): readonly Uint16Array[] {
  const table = Array.from({ length: before.length + 1 }, () => new Uint16Array(after.length + 1));
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      const row = table[i];
      if (row === undefined) continue;
      row[j] =
        before[i] === after[j]
          ? length(table, i + 1, j + 1) + 1
          : Math.max(length(table, i + 1, j), length(table, i, j + 1));
    }
  }
  return table;
}

function length(table: readonly Uint16Array[], i: number, j: number): number {
  return table[i]?.[j] ?? 0;
}
