/** What an agent answers: the shapes of `/api/v1`, the same from the client in process. Times are ISO 8601. */

export interface StatusAnswer {
  readonly key: string;
  readonly model?: string;
  readonly name: string;
  readonly state: string;
  readonly since: string;
  readonly lastOperation: string;
  readonly error?: string;
  readonly problems?: readonly { readonly field: string; readonly message: string }[];
  readonly details?: readonly string[];
  readonly waitingFor: readonly { readonly label: string; readonly since: string }[];
  readonly seqNum: number;
  readonly source?: string;
  readonly parts: readonly StatusAnswer[];
}

export interface OperationAnswer {
  readonly operation: string;
  readonly key: string;
  readonly newState: string;
  readonly prevState: string;
  readonly newError?: string;
  readonly noop: boolean;
  readonly isPart: boolean;
  /** What others depend on, and nobody wants: a link that is up, an address of the host. */
  readonly isProperty: boolean;
  readonly isRecreate: boolean;
  readonly reason: string;
}

export interface ApplyAnswer {
  readonly seqNum: number | null;
  readonly values: readonly StatusAnswer[];
  /** Keys of what is gone. */
  readonly removed: readonly string[];
  readonly failures: readonly { readonly key: string; readonly operation: string; readonly error: string }[];
  readonly timing: Readonly<Record<string, number>>;
}

export interface PlanAnswer {
  readonly operations: readonly OperationAnswer[];
}

export interface DiffAnswer {
  readonly key: string;
  readonly change: 'add' | 'change' | 'remove';
  readonly wanted: Readonly<Record<string, unknown>> | null;
  readonly given: Readonly<Record<string, unknown>> | null;
}

export interface DriftAnswer {
  readonly key: string;
  /** `unread`: objects under this key could not be read, and may be anything; `kind` and `error` say of which and why. */
  readonly problem: 'missing' | 'different' | 'unexpected' | 'unread';
  readonly fields: readonly string[];
  readonly kind?: string;
  readonly error?: string;
}

export interface RecordAnswer {
  readonly seqNum: number;
  readonly type: string;
  readonly resync: string;
  readonly description: string;
  readonly start: string;
  readonly milliseconds: number;
  readonly values: readonly { readonly key: string }[];
  readonly executed: readonly OperationAnswer[];
  readonly failures?: readonly { readonly key: string; readonly error: string }[];
}

export interface ExplainAnswer extends StatusAnswer {
  readonly desired: unknown;
  readonly applied: unknown;
  readonly metadata: unknown;
  readonly partOf?: string;
  readonly dependencies: readonly {
    readonly label: string;
    readonly satisfied: boolean;
    readonly keys: readonly string[];
  }[];
  readonly wantedBy: readonly { readonly source: string; readonly priority: number; readonly effective: boolean }[];
  readonly history: readonly {
    readonly seqNum: number;
    readonly time: string;
    readonly operation: string;
    readonly state: string;
    readonly error?: string;
    readonly reason: string;
  }[];
}

export interface GraphAnswer {
  readonly key: string;
  readonly label: string;
  readonly kind?: string;
  readonly state: string;
  readonly parent?: string;
  readonly parts: readonly string[];
  readonly dependencies: readonly {
    readonly label: string;
    readonly satisfied: boolean;
    readonly keys: readonly string[];
  }[];
}

export interface ModelAnswer {
  readonly name: string;
  readonly spec: { readonly module: string; readonly type: string; readonly version: string; readonly class: string };
  readonly message: string;
  readonly prefix: string;
  readonly nameTemplate: string | null;
  readonly config: string | null;
  readonly engine: string | null;
  /** `implemented`; `explained`: the engine does by itself what is asked for; `UNIMPLEMENTED`. */
  readonly status: string;
  /** What the engine must have, by the names of its probe (`ligature kernel`). */
  readonly needs: readonly string[];
  /** Of these, what this machine lacks, with the reason. */
  readonly lacks: readonly string[];
  /** Why it is not implemented, or what to know. */
  readonly note: string | null;
}

/** What happened to VPP, among the changes of states. Times in ms since it was lost. */
export interface VppEventAnswer {
  readonly event: 'vpp';
  readonly since: string;
  /** `left`: nothing is done until the next comparison; `unhealed`: that tries again. */
  readonly condition: 'lost' | 'back' | 'healed' | 'left' | 'unhealed';
  /** Why it was lost or not healed. */
  readonly reason?: string;
  /** It is another process than before. */
  readonly isNew?: boolean;
  readonly after?: number;
  /** Values that could not be made. */
  readonly failed?: number;
}
