/**
 * What clients hold on to: names and numbers of the wire contract. `contract.golden` was checked once against Ligato's own
 * definitions (vpp-agent v3.6-dev); lines may be added (UPDATE_GOLDEN=1 writes the file), none may change or go.
 */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { DescEnum, DescField, DescFile, DescMessage } from '@bufbuild/protobuf';
import { file_ligato_configurator_configurator as configurator } from './gen/ligato/configurator/configurator_pb.js';
import { file_ligato_configurator_statspoller as statsPoller } from './gen/ligato/configurator/statspoller_pb.js';
import { file_ligato_generic_manager as manager } from './gen/ligato/generic/manager_pb.js';
import { file_ligato_generic_meta as meta } from './gen/ligato/generic/meta_pb.js';
import { file_ligato_generic_options as options } from './gen/ligato/generic/options_pb.js';
import { file_ligato_govppmux_metrics as metrics } from './gen/ligato/govppmux/metrics_pb.js';
import { file_ligato_kvscheduler_value_status as valueStatus } from './gen/ligato/kvscheduler/value_status_pb.js';
import { file_ligato_linux_punt_punt as linuxPunt } from './gen/ligato/linux/punt/punt_pb.js';
import { file_ligato_vpp_interfaces_dhcp as dhcp } from './gen/ligato/vpp/interfaces/dhcp_pb.js';

const roots = [configurator, statsPoller, manager, meta, options, metrics, valueStatus, linuxPunt, dhcp];

function contract(): string[] {
  const files = new Map<string, DescFile>();
  const collect = (file: DescFile): void => {
    if (file.name.startsWith('google/') || files.has(file.name)) return;
    files.set(file.name, file);
    file.dependencies.forEach(collect);
  };
  roots.forEach(collect);
  return [...files.values()].flatMap(linesOfFile).sort((left, right) => (left < right ? -1 : 1));
}

function linesOfFile(file: DescFile): string[] {
  return [
    `file ${file.name}.proto ${file.proto.package}`,
    ...file.messages.flatMap(linesOfMessage),
    ...file.enums.flatMap(linesOfEnum),
    ...file.extensions.map((one) => `extension ${one.typeName} = ${one.number} of ${one.extendee.typeName}`),
    ...file.services.flatMap((service) =>
      service.methods.map(
        (one) => `rpc ${service.typeName}.${one.name} ${one.methodKind} ${one.input.typeName} ${one.output.typeName}`,
      ),
    ),
  ];
}

function linesOfMessage(message: DescMessage): string[] {
  return [
    `message ${message.typeName}`,
    ...message.fields.map(
      (field) => `field ${message.typeName}.${field.name} = ${field.number} ${typeOf(field)} ${field.jsonName}`,
    ),
    ...message.nestedMessages.flatMap(linesOfMessage),
    ...message.nestedEnums.flatMap(linesOfEnum),
  ];
}

function typeOf(field: DescField): string {
  const one = field.message?.typeName ?? field.enum?.typeName ?? `scalar:${field.scalar}`;
  return `${field.fieldKind === 'list' || field.fieldKind === 'map' ? `${field.fieldKind} ` : ''}${one}${field.oneof ? ` in ${field.oneof.name}` : ''}`;
}

function linesOfEnum(desc: DescEnum): string[] {
  return desc.values.map((value) => `enum ${desc.typeName}.${value.name} = ${value.number}`);
}

test('no name and no number of the contract has changed', () => {
  const golden = readFileSync(new URL('contract.golden', import.meta.url), 'utf8')
    .trimEnd()
    .split('\n');
  assert.ok(golden.length > 1000);
  const current = new Set(contract());
  assert.deepEqual(
    golden.filter((line) => !current.has(line)),
    [],
  );
});

if (process.env['UPDATE_GOLDEN'] !== undefined) {
  const { writeFileSync } = await import('node:fs');
  writeFileSync(new URL('contract.golden', import.meta.url), `${contract().join('\n')}\n`);
}
