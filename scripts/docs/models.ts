/** Models and their fields, from the registry and the comments in proto/. */

import { type DescEnum, type DescField, type DescMessage, ScalarType } from '@bufbuild/protobuf';
import {
  addressForm,
  createModelRegistry,
  describeElement,
  integerRange,
  type Model,
  sampleFile,
} from '../../src/model/index.ts';
import { supportByModel } from './support.ts';
import { cell, code, generated, page, table } from './markdown.ts';

const registry = createModelRegistry();

/** Page by path below docs/reference. */
export function modelPages(): ReadonlyMap<string, string> {
  const pages = new Map([['models/README.md', index()]]);
  for (const model of registry.models()) pages.set(`models/${model.name}.md`, modelPage(model));
  return pages;
}

function index(): string {
  const rows = registry
    .models()
    .map((model) => [
      `[${model.name}](${model.name}.md)`,
      model.config === undefined ? 'only read' : code(`${model.config.group}.${model.config.jsonField}`),
      engineOf(model),
      cell(describeElement(model.message) ?? ''),
    ]);
  return page(
    generated,
    '# Models',
    'What can be declared, and where it stands in configuration files. Names of fields are accepted as here and in proto ' +
      'spelling (`vrf_id` for `vrfId`). `ligature model ls` lists them, `ligature generate MODEL` prints a sample to edit, ' +
      '`ligature schema` the JSON schema for editors.',
    table(['model', 'place', 'Linux kernel', 'what it is'], rows),
  );
}

/** What the kernel engine does; the reasons are on the page of what is supported, the details in the feature's README. */
function engineOf({ name }: Model): string {
  return supportByModel.get(name)?.kernel.grade ?? '';
}

function modelPage(model: Model): string {
  const { message, config } = model;
  const sections: string[] = [];
  for (const one of reachable(message))
    sections.push(...(one.kind === 'message' ? messageSection(one, message) : enumSection(one)));
  return page(
    generated,
    `# ${model.name}`,
    describeElement(message) ?? '',
    table(
      ['', ''],
      [
        ['Key', code(`${model.prefix}${model.nameTemplate ?? ''}`)],
        ['Message', code(message.typeName)],
        ['In files', config === undefined ? 'not declared, only read' : code(`${config.group}.${config.jsonField}`)],
        ['Linux kernel', engineOf(model) || 'not an object of an engine'],
      ],
    ),
    ...sections,
    ...(config === undefined ? [] : ['## Sample', `\`\`\`yaml\n${sampleFile(model, { registry }).trim()}\n\`\`\``]),
  );
}

/** The message and all messages and enums its fields are made of, each once, in order of appearance. */
function reachable(message: DescMessage): ReadonlySet<DescMessage | DescEnum> {
  const found = new Set<DescMessage | DescEnum>([message]);
  for (const one of found) {
    if (one.kind === 'enum') continue;
    for (const field of one.fields) {
      if (field.message !== undefined) found.add(field.message);
      if (field.enum !== undefined) found.add(field.enum);
    }
  }
  return found;
}

function messageSection(desc: DescMessage, top: DescMessage): readonly string[] {
  const rows = desc.fields.map((field) => [
    code(field.jsonName) + (field.deprecated ? ' (deprecated)' : ''),
    typeOf(field),
    cell((describeElement(field) ?? '') + oneofOf(field)),
  ]);
  const title = desc === top ? '## Fields' : `## ${shortName(desc)}`;
  return [title, desc === top ? '' : (describeElement(desc) ?? ''), table(['field', 'type', 'meaning'], rows)];
}

function enumSection(desc: DescEnum): readonly string[] {
  const rows = desc.values.map((value) => [code(value.name), cell(describeElement(value) ?? '')]);
  return [`## ${shortName(desc)}`, describeElement(desc) ?? '', table(['value', 'meaning'], rows)];
}

function shortName({ typeName, file }: DescMessage | DescEnum): string {
  return typeName.slice(file.proto.package.length + 1);
}

function typeOf(field: DescField): string {
  const single = elementType(field);
  return field.fieldKind === 'list' ? `list of ${single}` : field.fieldKind === 'map' ? `map to ${single}` : single;
}

function elementType(field: DescField): string {
  const named = field.message ?? field.enum;
  if (named !== undefined) return `[${shortName(named)}](#${shortName(named).toLowerCase().replaceAll('.', '')})`;
  const form = addressForm(field);
  if (form !== undefined) return addressText(form);
  const range = integerRange(field);
  if (range !== undefined) return `${range.minimum}-${range.maximum}`;
  return field.scalar === undefined ? '' : (scalarText[field.scalar] ?? ScalarType[field.scalar].toLowerCase());
}

function addressText({ version, prefixLength }: NonNullable<ReturnType<typeof addressForm>>): string {
  const length = { none: '', required: ' with prefix length', optional: ', prefix length optional' }[prefixLength];
  return `${version === undefined ? 'IP' : `IPv${version}`} address${length}`;
}

const scalarText: Readonly<Partial<Record<ScalarType, string>>> = {
  [ScalarType.STRING]: 'text',
  [ScalarType.BOOL]: 'true, false',
  [ScalarType.BYTES]: 'bytes, base64',
};

function oneofOf({ oneof }: DescField): string {
  if (oneof === undefined) return '';
  return ` One of ${oneof.fields.map(({ jsonName }) => code(jsonName)).join(', ')}.`;
}
