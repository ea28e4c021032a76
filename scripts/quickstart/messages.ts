/** What the stage tells the one who watches. */

export interface CheckResult {
  readonly name: string;
  readonly ok: boolean;
  /** What was measured, or what went wrong. */
  readonly detail: string;
}

export type FromStage =
  | { readonly type: 'step'; readonly text: string }
  | { readonly type: 'check'; readonly result: CheckResult }
  | { readonly type: 'failed'; readonly text: string }
  | { readonly type: 'proven' };

export interface ToStage {
  readonly type: 'stop';
}
