import {
  type DescEnum,
  type DescEnumValue,
  type DescField,
  type DescMessage,
  type DescOneof,
  getOption,
  hasOption,
} from '@bufbuild/protobuf';
import { descriptions } from '../gen/descriptions.js';
import { ligato_options, LigatoOptions_Type } from '../gen/ligato/annotations_pb.js';

type Described = DescMessage | DescField | DescOneof | DescEnum | DescEnumValue;

/**
 * What the proto files say about a message, field, oneof, enum or enum value, as one paragraph; undefined where they say
 * nothing. `more` has descriptions of messages that are not built in, by the same names (`<message>`, `<message>.<field>`,
 * `<enum>.<VALUE>`).
 */
export function describeElement(element: Described, more?: Readonly<Record<string, string>>): string | undefined {
  const name = fullName(element);
  return more?.[name] ?? descriptions[name];
}

/** `ligato.vpp.l3.Route`, `ligato.vpp.l3.Route.vrf_id`, `ligato.vpp.l3.Route.RouteType.DROP`. */
export function fullName(element: Described): string {
  if (element.kind === 'message' || element.kind === 'enum') return element.typeName;
  return `${element.parent.typeName}.${element.name}`;
}

/** Textual forms of addresses, by what the form is made of. */
export interface AddressForm {
  /** Undefined: both. */
  readonly version: 4 | 6 | undefined;
  readonly prefixLength: 'none' | 'required' | 'optional';
}

const forms = new Map<LigatoOptions_Type, AddressForm>([
  [LigatoOptions_Type.IP, { version: undefined, prefixLength: 'none' }],
  [LigatoOptions_Type.IPV4, { version: 4, prefixLength: 'none' }],
  [LigatoOptions_Type.IPV6, { version: 6, prefixLength: 'none' }],
  [LigatoOptions_Type.IP_WITH_MASK, { version: undefined, prefixLength: 'required' }],
  [LigatoOptions_Type.IPV4_WITH_MASK, { version: 4, prefixLength: 'required' }],
  [LigatoOptions_Type.IPV6_WITH_MASK, { version: 6, prefixLength: 'required' }],
  [LigatoOptions_Type.IP_OPTIONAL_MASK, { version: undefined, prefixLength: 'optional' }],
  [LigatoOptions_Type.IPV4_OPTIONAL_MASK, { version: 4, prefixLength: 'optional' }],
  [LigatoOptions_Type.IPV6_OPTIONAL_MASK, { version: 6, prefixLength: 'optional' }],
]);

/** The form of address that a text field holds, or undefined for any text. */
export function addressForm(field: DescField): AddressForm | undefined {
  return hasOption(field, ligato_options) ? forms.get(getOption(field, ligato_options).type) : undefined;
}

/** Bounds of an integer field, both inclusive, or undefined when only its type bounds it. */
export function integerRange(field: DescField): { readonly minimum: number; readonly maximum: number } | undefined {
  const range = hasOption(field, ligato_options) ? getOption(field, ligato_options).intRange : undefined;
  return range && { minimum: Number(range.minimum), maximum: Number(range.maximum) };
}
