/** What becomes of the answers to a request: one reply, a list without an end of its own, a list in pages. */

import { refusal, VppError } from '../errors.ts';
import { Flight } from './flights.ts';
import type { Call } from './message-table.ts';

type Reject = (error: VppError) => void;

/** One request, one reply. Rejects with `refused` when VPP's retval is negative. */
export class OneReply extends Flight {
  readonly fields: object;
  protected readonly reject: Reject;
  readonly #resolve: (reply: object) => void;

  constructor(call: Call, fields: object, timeout: number, resolve: (reply: object) => void, reject: Reject) {
    super(call, timeout);
    this.fields = fields;
    this.#resolve = resolve;
    this.reject = reject;
  }

  receive(reply: string, values: object): boolean {
    const { retval } = values as { readonly retval?: unknown };
    if (reply !== this.call.reply) this.refuse(unexpected(this.api, reply));
    else if (typeof retval === 'number' && retval < 0) this.refuse(refusal(this.api, retval));
    else {
      this.succeed();
      this.#resolve(values);
    }
    return true;
  }
}

/** Items of a list that has no end of its own. */
export class Items extends Flight {
  readonly fields: object;
  readonly #asked = performance.now();
  protected readonly reject: Reject;
  readonly #item: (fields: object) => void;

  constructor(call: Call, fields: object, timeout: number, item: (fields: object) => void, reject: Reject) {
    super(call, timeout);
    this.fields = fields;
    this.#item = item;
    this.reject = reject;
  }

  receive(reply: string, values: object): boolean {
    if (reply === this.call.reply || reply === MISNAMED[this.api]) this.#item(values);
    else this.refuse(unexpected(this.api, reply));
    return false;
  }

  /** Each item moves the time-out. */
  protected override begun(): number {
    return this.#asked;
  }

  /** No more come. */
  end(): void {
    this.succeed();
  }
}

/** The end of a page: where the next one begins. */
export interface PageEnd {
  readonly retval?: number;
  readonly cursor?: number;
}

/** A list in pages: items, then a reply. */
export class Page extends Flight {
  readonly fields: object;
  readonly #asked = performance.now();
  protected readonly reject: Reject;
  readonly #itemApi: string;
  readonly #item: (fields: object) => void;
  readonly #resolve: (end: PageEnd) => void;

  constructor(
    call: Call,
    fields: object,
    timeout: number,
    { itemApi, item }: { readonly itemApi: string; readonly item: (fields: object) => void },
    resolve: (end: PageEnd) => void,
    reject: Reject,
  ) {
    super(call, timeout);
    this.fields = fields;
    this.#itemApi = itemApi;
    this.#item = item;
    this.#resolve = resolve;
    this.reject = reject;
  }

  receive(reply: string, values: object): boolean {
    if (reply === this.#itemApi) {
      this.#item(values);
      return false;
    }
    if (reply === this.call.reply) {
      this.succeed();
      this.#resolve(values);
    } else this.refuse(unexpected(this.api, reply));
    return true;
  }

  protected override begun(): number {
    return this.#asked;
  }
}

/** Lists whose items VPP sends under the name of a message with the same fields (seen in 23.06 and 26.06). */
const MISNAMED: Readonly<Record<string, string>> = { nat44_ed_vrf_tables_v2_dump: 'nat44_ed_vrf_tables_details' };

function unexpected(api: string, reply: string): VppError {
  return new VppError('malformed', `${api}: VPP answered with ${reply}`, { api, retriable: true });
}
