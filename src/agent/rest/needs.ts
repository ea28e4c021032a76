import type { KernelEngine } from '../../features/kernel/engine.ts';
import type { ModelRegistry } from '../../model/index.ts';
import type { Scheduler } from '../../scheduler/scheduler.ts';
import type { Intent } from '../intent/intent.ts';
import type { VppConditions } from '../vpp-process/conditions.ts';
import type { ValueJson } from './value-json.ts';

/** What the routes of `/api/v1` work with. */
export interface ApiRoutesNeeds {
  readonly scheduler: Scheduler;
  readonly intent: Intent;
  readonly models: ModelRegistry;
  readonly values: ValueJson;
  /** Absent where another engine runs. */
  readonly kernel?: KernelEngine | undefined;
  readonly vpp?: { readonly conditions: VppConditions } | undefined;
}
