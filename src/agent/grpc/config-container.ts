/** Ligato's static container of a configuration, taken apart and put together by the types of its fields. */

import { create, type DescField, type DescMessage, type Message } from '@bufbuild/protobuf';
import { type Config, ConfigSchema } from '../../model/gen/ligato/configurator/configurator_pb.js';

interface Place {
  readonly group: DescField & { readonly fieldKind: 'message' };
  readonly field: DescField;
}

/** Where objects of a message stand, by its full name. */
const places: ReadonlyMap<string, Place> = new Map(ConfigSchema.fields.flatMap(placesIn));

function placesIn(group: DescField): [string, Place][] {
  if (group.fieldKind !== 'message') return [];
  return group.message.fields.flatMap((field): [string, Place][] => {
    const message = messageOf(field);
    return message === undefined ? [] : [[message.typeName, { group, field }]];
  });
}

function messageOf(field: DescField): DescMessage | undefined {
  if (field.fieldKind === 'message') return field.message;
  return field.fieldKind === 'list' && field.listKind === 'message' ? field.message : undefined;
}

/** All objects of a container, in the order of its fields. */
export function contentsOf(config: Config | undefined): Message[] {
  if (config === undefined) return [];
  const found: Message[] = [];
  for (const { group, field } of places.values()) {
    const part = (config as unknown as Record<string, unknown>)[group.localName] as Record<string, unknown> | undefined;
    const content = part?.[field.localName];
    if (Array.isArray(content)) found.push(...(content as Message[]));
    else if (content !== undefined) found.push(content as Message);
  }
  return found;
}

/** A container of these objects. Objects of models that it has no field for are left out: ManagerService has them. */
export function containerOf(objects: Iterable<Message>): Config {
  const config = create(ConfigSchema);
  const groups = config as unknown as Record<string, Record<string, unknown> | undefined>;
  for (const object of objects) {
    const place = places.get(object.$typeName);
    if (place === undefined) continue;
    const { group, field } = place;
    const part = (groups[group.localName] ??= create(group.message) as unknown as Record<string, unknown>);
    if (field.fieldKind === 'list') (part[field.localName] as Message[]).push(object);
    else part[field.localName] = object;
  }
  return config;
}
