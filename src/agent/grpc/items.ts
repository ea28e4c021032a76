/** Items of `ligato.generic`: objects of any model, named by model and name. */

import { create, type Message } from '@bufbuild/protobuf';
import { AnySchema } from '@bufbuild/protobuf/wkt';
import {
  type Item,
  type Item_ID,
  Item_IDSchema,
  ItemSchema,
  type ItemStatus,
  ItemStatusSchema,
} from '../../model/gen/ligato/generic/manager_pb.js';
import { type Key, type Model, ModelError, type ModelRegistry } from '../../model/index.ts';
import type { Value } from '../../scheduler/kind.ts';
import type { ValueStatus } from '../../scheduler/scheduler.ts';
import { standing } from '../configuration/outcome.ts';
import { invalid } from './errors.ts';

export class Items {
  readonly #models: ModelRegistry;
  readonly #masked: (value: Message) => Message;
  /** Values are never changed in place: their bytes are those of last time. */
  readonly #encoded = new WeakMap<object, Item['data']>();

  /** `masked`: the value without its secrets. */
  constructor(models: ModelRegistry, masked: (value: Message) => Message) {
    this.#models = models;
    this.#masked = masked;
  }

  /** Undefined for keys of parts. */
  idOf(key: Key): Item_ID | undefined {
    const parsed = this.#models.parse(key);
    return parsed && create(Item_IDSchema, { model: parsed.model.name, name: parsed.name });
  }

  /** `value` null: only its name. */
  itemOf(key: Key, value: Value | null): Item | undefined {
    const id = this.idOf(key);
    if (id === undefined) return undefined;
    return value === null ? create(ItemSchema, { id }) : create(ItemSchema, { id, data: this.#dataOf(value) });
  }

  /** Key of an item that is only named. Throws INVALID_ARGUMENT. */
  keyOf({ model: name, name: object }: Item_ID, field: string): Key {
    try {
      return this.#models.model(name).key(object);
    } catch (error) {
      throw refused(error, field);
    }
  }

  /** Prefix of keys, or the key, that an id stands for: a name may be left out. Throws INVALID_ARGUMENT. */
  prefixOf(id: Item_ID, field: string): { readonly model: Model; readonly key: Key | undefined } {
    try {
      const model = this.#models.model(id.model);
      return { model, key: id.name === '' && !model.singleton ? undefined : model.key(id.name) };
    } catch (error) {
      throw refused(error, field);
    }
  }

  /** What an item of a request asks for. Throws INVALID_ARGUMENT with the field. */
  read(item: Item | undefined, field: string): { readonly key: Key; readonly value: Message | null } {
    const any = item?.data?.union;
    if (any?.case !== 'any') {
      if (item?.id === undefined) throw wrong(`${field}.id`, 'an item without data is removed, and needs an id');
      return { key: this.keyOf(item.id, `${field}.id`), value: null };
    }
    let value: Message;
    let key: Key;
    try {
      value = this.#models.fromAny(any.value);
      key = this.#models.keyOf(value);
    } catch (error) {
      throw refused(error, `${field}.data`);
    }
    if (item?.id !== undefined && (item.id.model !== '' || item.id.name !== '')) {
      const named = this.keyOf(item.id, `${field}.id`);
      if (named !== key) throw wrong(`${field}.id`, `the id is that of ${named}, the data that of ${key}`);
    }
    return { key, value };
  }

  #dataOf(value: Value): Item['data'] {
    let data = this.#encoded.get(value);
    if (data === undefined) {
      const any = create(AnySchema, this.#models.toAny(this.#masked(value as Message)));
      data = create(ItemSchema, { data: { union: { case: 'any', value: any } } }).data;
      this.#encoded.set(value, data);
    }
    return data;
  }
}

export function itemStatus(status: ValueStatus | undefined): ItemStatus {
  const { state, message } = standing(status);
  return create(ItemStatusSchema, { status: state, message });
}

function refused(error: unknown, field: string): unknown {
  return error instanceof ModelError ? wrong(field, error.message) : error;
}

function wrong(field: string, description: string) {
  return invalid(`${field}: ${description}`, [{ field, description }]);
}
