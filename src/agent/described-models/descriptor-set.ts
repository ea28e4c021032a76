/** Models out of descriptors (`buf build -o models.binpb`, `protoc -o`): what protobuf itself says of messages, no code. */

import { create, createFileRegistry, type DescMessage, fromBinary, getOption, hasOption } from '@bufbuild/protobuf';
import { type FileDescriptorSet, FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import {
  model as modelOption,
  model_name_template as templateOption,
} from '../../model/gen/ligato/generic/options_pb.js';
import { didYouMean, type ModelDefinition, ModelError } from '../../model/index.ts';

/** Which message of a set is a model, where the message does not say so itself by the option `ligato.generic.model`. */
export interface ModelChoice {
  /** Full name. */
  readonly message: string;
  readonly module: string;
  readonly type: string;
  readonly version?: string | undefined;
  readonly class?: string | undefined;
  /** Go template of names, null for a singleton. Default: `{{.Name}}` where there is a field `name`. */
  readonly nameTemplate?: string | null | undefined;
}

/** Throws ModelError `usage` when the bytes are no complete set, or a message is not in it. */
export function modelsOf(bytes: Uint8Array, choices: readonly ModelChoice[] = []): readonly ModelDefinition[] {
  const messages = messagesOf(bytes);
  const chosen = choices.map((choice): ModelDefinition => {
    const message = messages.get(choice.message);
    if (message === undefined) throw unknown(choice.message, messages);
    const { module, type, version, class: className, nameTemplate } = choice;
    return {
      spec: {
        module,
        type,
        ...(version === undefined ? {} : { version }),
        ...(className === undefined ? {} : { class: className }),
      },
      message,
      ...(nameTemplate === undefined ? {} : { nameTemplate }),
    };
  });
  const named = new Set(choices.map(({ message }) => message));
  const declared = [...messages.values()].filter(({ typeName }) => !named.has(typeName)).flatMap(declaredModel);
  const found = [...chosen, ...declared];
  if (found.length === 0)
    throw new ModelError(
      'usage',
      `no message of the set has the option ligato.generic.model: say which are models (messages: ${[...messages.keys()].slice(0, 10).join(', ')})`,
    );
  return found;
}

function messagesOf(bytes: Uint8Array): ReadonlyMap<string, DescMessage> {
  let set: FileDescriptorSet;
  try {
    set = fromBinary(FileDescriptorSetSchema, bytes);
  } catch (cause) {
    throw new ModelError('usage', 'the bytes are no google.protobuf.FileDescriptorSet', { cause });
  }
  if (set.file.length === 0) throw new ModelError('usage', 'the descriptor set has no files');
  try {
    const registry = createFileRegistry(dependenciesFirst(set));
    const own = [...registry].filter((one) => one.kind === 'message');
    return new Map(own.map((message) => [message.typeName, message]));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const hint = 'it has to have all imports (`buf build`, `protoc --include_imports`)';
    throw new ModelError('usage', `the descriptor set cannot be linked: ${why}; ${hint}`, { cause });
  }
}

/** The order in which files can be linked. */
function dependenciesFirst(set: FileDescriptorSet): FileDescriptorSet {
  const byName = new Map(set.file.map((file) => [file.name, file]));
  const ordered = new Set<FileDescriptorSet['file'][number]>();
  const add = (file: FileDescriptorSet['file'][number]): void => {
    byName.delete(file.name);
    for (const name of file.dependency) {
      const needed = byName.get(name);
      if (needed !== undefined) add(needed);
    }
    ordered.add(file);
  };
  for (const file of set.file) if (byName.has(file.name)) add(file);
  return create(FileDescriptorSetSchema, { file: [...ordered] });
}

function declaredModel(message: DescMessage): ModelDefinition[] {
  if (!hasOption(message, modelOption)) return [];
  const { module, type, version, class: className } = getOption(message, modelOption);
  const template = hasOption(message, templateOption) ? getOption(message, templateOption) : '';
  return [
    {
      spec: {
        module,
        type,
        ...(version === '' ? {} : { version }),
        ...(className === '' ? {} : { class: className }),
      },
      message,
      ...(template === '' ? {} : { nameTemplate: template }),
    },
  ];
}

function unknown(name: string, messages: ReadonlyMap<string, DescMessage>): ModelError {
  return new ModelError('usage', `the set has no message \`${name}\`${didYouMean(name, messages.keys())}`);
}
