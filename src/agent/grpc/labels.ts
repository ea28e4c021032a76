/** Whether labels fit a filter: all of it must match; an empty value matches any, `!name` must not be there. */
export function fitsLabels(
  filter: Readonly<Record<string, string>>,
  labels: Readonly<Record<string, string>>,
): boolean {
  return Object.entries(filter).every(([name, value]) => {
    if (name.startsWith('!')) return !Object.hasOwn(labels, name.slice(1));
    return Object.hasOwn(labels, name) && (value === '' || labels[name] === value);
  });
}
