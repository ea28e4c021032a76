/** Makers of operations. An array of them is one caller's all-or-nothing change; see `Nftables.apply`. */

import type { Chain, Element, NftSet, Operation, Rule, RulePlace, Table, TableReference } from './objects.ts';

/** Adding a table that exists changes nothing. */
export function addTable(table: Table): Operation {
  return { type: 'add-table', table };
}

/** With all its content. ENOENT when there is none. */
export function deleteTable(table: TableReference): Operation {
  return { type: 'delete-table', table };
}

/** Removes the table if there is one, else does nothing. */
export function ensureNoTable(table: TableReference): Operation[] {
  return [addTable({ family: table.family, name: table.name }), deleteTable(table)];
}

/** Adding a chain that exists can change its policy and devices; type, hook and priority never (EBUSY, EEXIST). */
export function addChain(table: TableReference, chain: Chain): Operation {
  return { type: 'add-chain', table, chain };
}

/** EBUSY while it has rules (except a base chain's, which go with it on new kernels: flush first) or something jumps to it. */
export function deleteChain(table: TableReference, chain: string): Operation {
  return { type: 'delete-chain', table, chain };
}

/** Removes all rules of the chain. */
export function flushChain(table: TableReference, chain: string): Operation {
  return { type: 'flush-chain', table, chain };
}

/** Always adds, even when an equal rule exists: rules have no identity in the kernel but their handle. */
export function addRule(table: TableReference, chain: string, rule: Rule, place: RulePlace = 'last'): Operation {
  return { type: 'add-rule', table, chain, rule, place };
}

export function replaceRule(table: TableReference, chain: string, handle: bigint, rule: Rule): Operation {
  return { type: 'replace-rule', table, chain, handle, rule };
}

export function deleteRule(table: TableReference, chain: string, handle: bigint): Operation {
  return { type: 'delete-rule', table, chain, handle };
}

/** Adding a set that exists changes nothing when it is the same, else EEXIST. */
export function addSet(table: TableReference, set: NftSet): Operation {
  return { type: 'add-set', table, set };
}

/** EBUSY while a rule uses it. */
export function deleteSet(table: TableReference, set: string): Operation {
  return { type: 'delete-set', table, set };
}

/** Removes all elements of the set. */
export function flushSet(table: TableReference, set: string): Operation {
  return { type: 'flush-set', table, set };
}

/** An element that is there with the same data is left alone, with other data: EEXIST (delete it in the same call, before). */
export function addElements(table: TableReference, set: NftSet, elements: readonly Element[]): Operation {
  return { type: 'add-elements', table, set, elements };
}

/** ENOENT when one is not there. Data are ignored. */
export function deleteElements(table: TableReference, set: NftSet, elements: readonly Element[]): Operation {
  return { type: 'delete-elements', table, set, elements };
}

/** The operation in words, for errors. */
export function describe(operation: Operation): string {
  const { family, name } = operation.table;
  const table = `table ${family} ${name}`;
  switch (operation.type) {
    case 'add-table':
    case 'delete-table':
      return `${verb(operation.type)} ${table}`;
    case 'add-chain':
      return `add chain ${operation.chain.name} to ${table}`;
    case 'delete-chain':
    case 'flush-chain':
      return `${verb(operation.type)} chain ${operation.chain} of ${table}`;
    case 'add-rule':
    case 'replace-rule':
      return `${verb(operation.type)} rule "${operation.rule.key}" in chain ${operation.chain} of ${table}`;
    case 'delete-rule':
      return `delete rule with handle ${operation.handle} of chain ${operation.chain} of ${table}`;
    case 'add-set':
      return `add set ${operation.set.name} to ${table}`;
    case 'delete-set':
    case 'flush-set':
      return `${verb(operation.type)} set ${operation.set} of ${table}`;
    case 'add-elements':
    case 'delete-elements':
      return `${verb(operation.type)} ${operation.elements.length} elements of set ${operation.set.name} of ${table}`;
  }
}

function verb(type: Operation['type']): string {
  return type.slice(0, type.indexOf('-'));
}
