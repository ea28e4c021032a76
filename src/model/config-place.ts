import type { DescMessage } from '@bufbuild/protobuf';
import type { ModelSpec } from './spec.ts';

/** Where the objects of a model stand in a configuration file: `<group>.<field>`, a list unless the model is a singleton. */
export interface ConfigPlace {
  /** e.g. `vppConfig`. */
  readonly group: string;
  /** Proto spelling, e.g. `bridge_domains`. */
  readonly field: string;
  /** JSON spelling, e.g. `bridgeDomains`. */
  readonly jsonField: string;
  /** Further names that are read, never written: those of the static container where they differ. */
  readonly aliases: readonly string[];
}

/** Place of a model that does not say: as in Ligato's dynamic configuration, `<first module part>Config.<Message>[_list]`. */
export function configPlace(spec: ModelSpec, message: DescMessage, singleton: boolean): ConfigPlace {
  const field = singleton ? message.name : `${message.name}_list`;
  return { group: `${spec.module.split('.')[0]}Config`, field, jsonField: field, aliases: [] };
}

/** Spellings of a group that are read: `vppConfig` and `vpp_config`. */
export function groupSpellings(group: string): readonly string[] {
  const snake = group.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return snake === group ? [group] : [group, snake];
}

/** `bridge_domains` as `bridgeDomains`, by protobuf's rule for JSON names. */
export function jsonName(name: string): string {
  return name.replaceAll(/_+(.?)/g, (_, letter: string) => letter.toUpperCase());
}
