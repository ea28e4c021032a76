/** Kinds that are named for each reason; of the others there are the more. */
const namedAtMost = 3;

/** What could not be compared and why, in one line. */
export function describeUnread(unread: readonly { readonly kind: string; readonly reason: string }[]): string {
  const byReason = new Map<string, string[]>();
  for (const { kind, reason } of unread) {
    const kinds = byReason.get(reason);
    if (kinds === undefined) byReason.set(reason, [kind]);
    else kinds.push(kind);
  }
  const parts = Array.from(byReason, ([reason, kinds]) => {
    const more = kinds.length > namedAtMost ? ` and ${kinds.length - namedAtMost} more kinds` : '';
    return `${kinds.slice(0, namedAtMost).join(', ')}${more}: ${reason}`;
  });
  return `could not be compared: ${parts.join('; ')}`;
}
