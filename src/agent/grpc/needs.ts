import type { ApplicationInfo } from '../../app/index.ts';
import type { ModelRegistry } from '../../model/index.ts';
import type { Scheduler, Source } from '../../scheduler/scheduler.ts';
import type { Configurator } from '../configuration/configurator.ts';
import type { Feed } from '../feed/feed.ts';
import type { Intent } from '../intent/intent.ts';
import type { InterfaceStates } from '../interfaces/interface-states.ts';
import type { ValueJson } from '../rest/value-json.ts';

/** What the services work with. */
export interface ServiceNeeds {
  readonly application: ApplicationInfo;
  readonly models: ModelRegistry;
  readonly scheduler: Scheduler;
  readonly intent: Intent;
  readonly configurator: Configurator;
  readonly feed: Feed;
  readonly interfaces: InterfaceStates;
  readonly values: ValueJson;
  /** Priority of a source by name. */
  readonly sourceOf: (name: string) => Source;
  /** Names of features whose objects this agent can make: modules of models. */
  readonly activeModules: () => readonly string[];
}
