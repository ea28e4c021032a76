/** What people and greetings are, whoever makes them: names, keys, errors, dependencies. No I/O here. */

import { asKey, type Key, type ModelRegistry } from 'ligature/model';
import type { Kind, Problem } from 'ligature/scheduler';
import { type Greeting, GreetingSchema, type Person, PersonSchema } from './gen/greeter_pb.ts';

/** Adds the models: from now on files, REST and the command know `greeterConfig.people` and `greeterConfig.greetings`. */
export function registerModels(models: ModelRegistry): void {
  const place = (field: string) => ({ group: 'greeterConfig', field, jsonField: field, aliases: [] });
  models.register({
    spec: { module: 'greeter', type: 'person', version: 'v1' },
    message: PersonSchema,
    config: place('people'),
  });
  models.register({
    spec: { module: 'greeter', type: 'greeting', version: 'v1' },
    message: GreetingSchema,
    config: place('greetings'),
  });
}

/** `name` is the model's name: it ties the kind to its message. */
export const personKind = {
  name: 'greeter.person',
  prefix: 'config/greeter/v1/person/',
  validate: (_key: Key, { name }: Person) => wrongName('name', name),
} satisfies Kind<Person>;

export const greetingKind = {
  name: 'greeter.greeting',
  prefix: 'config/greeter/v1/greeting/',
  validate: (_key: Key, { name, to, words }: Greeting): readonly Problem[] => [
    ...wrongName('name', name),
    ...wrongName('to', to),
    ...(/^[^\n,]+$/.test(words) ? [] : [{ field: 'words', message: 'has to be one line without a comma' }]),
  ],
  // The scheduler makes the person first, and takes the greeting down before the person goes.
  dependencies: (_key: Key, { to }: Greeting) => [{ label: `person ${to}`, key: asKey(`${personKind.prefix}${to}`) }],
} satisfies Kind<Greeting>;

/** Names become names of files. */
function wrongName(field: string, name: string): readonly Problem[] {
  if (/^[\w-]{1,64}$/.test(name)) return [];
  return [{ field, message: `${JSON.stringify(name)} is not 1-64 letters, digits, - and _` }];
}
