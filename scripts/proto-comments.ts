/** Reads the comments out of a buf image in JSON form (FileDescriptorSet with source code info). */

interface Named {
  readonly name: string;
}

interface EnumType extends Named {
  readonly value?: readonly Named[];
}

interface MessageType extends Named {
  readonly field?: readonly Named[];
  readonly nestedType?: readonly MessageType[];
  readonly enumType?: readonly EnumType[];
  readonly oneofDecl?: readonly Named[];
}

interface Service extends Named {
  readonly method?: readonly Named[];
}

interface ImageFile {
  readonly name: string;
  readonly package?: string;
  readonly messageType?: readonly MessageType[];
  readonly enumType?: readonly EnumType[];
  readonly service?: readonly Service[];
  readonly sourceCodeInfo?: {
    readonly location?: readonly { readonly path?: readonly number[]; readonly leadingComments?: string }[];
  };
}

export interface Image {
  readonly file: readonly ImageFile[];
}

/** Text of the comment before each message, field, oneof, enum, enum value, service and method, by full name. */
export function commentsOf(image: Image): Map<string, string> {
  const comments = new Map<string, string>();
  for (const file of image.file) {
    if (file.name.startsWith('google/')) continue;
    for (const [name, text] of commentsOfFile(file)) comments.set(name, text);
  }
  return comments;
}

function* commentsOfFile(file: ImageFile): Iterable<[string, string]> {
  const texts = new Map<string, string>();
  for (const { path, leadingComments } of file.sourceCodeInfo?.location ?? []) {
    if (path !== undefined && leadingComments !== undefined) texts.set(path.join(), plain(leadingComments));
  }
  for (const [name, path] of namesOf(file)) {
    const text = texts.get(path.join());
    if (text !== undefined) yield [name, text];
  }
}

/** A comment as one paragraph. */
function plain(comment: string): string {
  return comment.trim().replaceAll(/\s*\n\s*/g, ' ');
}

type Located = readonly [name: string, path: readonly number[]];

/** Numbers are those of fields in descriptor.proto, which make up the paths of source code info. */
function* namesOf(file: ImageFile): Iterable<Located> {
  const scope = file.package ?? '';
  for (const [index, message] of (file.messageType ?? []).entries()) yield* namesOfMessage(message, scope, [4, index]);
  for (const [index, type] of (file.enumType ?? []).entries())
    yield* namesOfMembers(type, type.value, scope, [5, index], 2);
  for (const [index, service] of (file.service ?? []).entries()) {
    yield* namesOfMembers(service, service.method, scope, [6, index], 2);
  }
}

function* namesOfMessage(message: MessageType, scope: string, path: readonly number[]): Iterable<Located> {
  yield* namesOfMembers(message, message.field, scope, path, 2);
  const name = `${scope}.${message.name}`;
  for (const [index, nested] of (message.nestedType ?? []).entries())
    yield* namesOfMessage(nested, name, [...path, 3, index]);
  for (const [index, type] of (message.enumType ?? []).entries()) {
    yield* namesOfMembers(type, type.value, name, [...path, 4, index], 2);
  }
  for (const [index, oneof] of (message.oneofDecl ?? []).entries())
    yield [`${name}.${oneof.name}`, [...path, 8, index]];
}

function* namesOfMembers(
  owner: Named,
  members: readonly Named[] | undefined,
  scope: string,
  path: readonly number[],
  number: number,
): Iterable<Located> {
  const name = `${scope}.${owner.name}`;
  yield [name, path];
  for (const [index, member] of (members ?? []).entries()) yield [`${name}.${member.name}`, [...path, number, index]];
}
