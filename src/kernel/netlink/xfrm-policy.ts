/** Security policies: XFRM_MSG_UPDPOLICY, XFRM_MSG_DELPOLICY, XFRM_MSG_GETPOLICY (linux/xfrm.h). */

import type { Family, Ip } from '../../model/address.ts';
import { AF_INET, familyNumber, NLM_F_DUMP } from './constants.ts';
import type { Encoder } from './encoder.ts';
import { Attributes, read16, read32 } from './reader.ts';
import type { MessageView } from './reader.ts';
import type { Query, Request } from './request.ts';
import {
  readAddress,
  readSelector,
  SELECTOR_LENGTH,
  selectorText,
  writeAddress,
  writeSelector,
} from './xfrm-selector.ts';
import type { Selector } from './xfrm-selector.ts';
import { writeNoLimits, XFRMA_IF_ID } from './xfrm-state.ts';
import type { XfrmMode } from './xfrm-state.ts';

export type PolicyDirection = 'in' | 'out' | 'forward';

/** What tells policies apart. */
export interface PolicyId {
  readonly direction: PolicyDirection;
  readonly selector: Selector;
  /** Bits of the packet mark under this mask have to be these. */
  readonly mark?: { readonly value: number; readonly mask: number };
  /** For packets of the xfrm interface of this number (if_id); without: for those of no xfrm interface. */
  readonly interfaceId?: number;
}

/** By which associations a packet is protected, or has to have been. */
export interface Template {
  /** IPPROTO_ESP or IPPROTO_AH. */
  readonly protocol: number;
  readonly mode: XfrmMode;
  /** Ends of the tunnel; unspecified in transport mode: those of the packet. */
  readonly source?: Ip;
  readonly destination?: Ip;
  readonly family: Family;
  readonly requestId: number;
  /** Packets may also come without. */
  readonly optional?: boolean;
}

export interface PolicySpec extends PolicyId {
  /** Smaller wins. */
  readonly priority: number;
  readonly action: 'allow' | 'block';
  readonly templates: readonly Template[];
}

/** Sets a policy, whether there was one for these packets or not. */
export function setPolicy(spec: PolicySpec): Request<PolicySpec> {
  return {
    type: XFRM_MSG_UPDPOLICY,
    flags: 0,
    lane: 'quick',
    spec,
    encode: encodePolicy,
    describe: (policy) => `set security policy ${policyText(policy)}`,
    cost: 15,
  };
}

export function deletePolicy(id: PolicyId): Request<PolicyId> {
  return {
    type: XFRM_MSG_DELPOLICY,
    flags: 0,
    lane: 'quick',
    spec: id,
    encode: encodeId,
    describe: (policy) => `delete security policy ${policyText(policy)}`,
    cost: 15,
  };
}

export function listPolicies(): Query<PolicySpec, undefined> {
  return {
    type: XFRM_MSG_GETPOLICY,
    flags: NLM_F_DUMP,
    spec: undefined,
    encode() {},
    describe: () => 'list security policies',
    decode: decodePolicy,
  };
}

/** A text that tells policies apart, and that people can read. */
export function policyText({ direction, selector, mark, interfaceId }: PolicyId): string {
  const marked = mark ? ` mark ${mark.value}/${mark.mask.toString(16)}` : '';
  const by = interfaceId === undefined ? '' : ` xfrm interface ${interfaceId}`;
  return `${direction} ${selectorText(selector)}${marked}${by}`;
}

/** `struct xfrm_userpolicy_id`, XFRMA_MARK and XFRMA_IF_ID. */
function encodeId(encoder: Encoder, id: PolicyId): void {
  const { direction, selector } = id;
  writeSelector(encoder, selector);
  encoder.u32(0);
  encoder.u8(DIRECTIONS.indexOf(direction));
  encoder.zeros(3);
  writePlace(encoder, id);
}

/** `struct xfrm_userpolicy_info`, XFRMA_MARK, XFRMA_IF_ID and XFRMA_TMPL. */
function encodePolicy(encoder: Encoder, policy: PolicySpec): void {
  const { direction, selector, priority, action, templates } = policy;
  writeSelector(encoder, selector);
  writeNoLimits(encoder);
  encoder.zeros(32);
  encoder.u32(priority);
  encoder.u32(0);
  encoder.u8(DIRECTIONS.indexOf(direction));
  encoder.u8(action === 'block' ? 1 : 0);
  encoder.zeros(6);
  writePlace(encoder, policy);
  if (templates.length === 0) return;
  const nest = encoder.beginNest(XFRMA_TMPL, 0);
  for (const template of templates) writeTemplate(encoder, template);
  encoder.endNest(nest);
}

/** `struct xfrm_mark`, and the number of an xfrm interface. */
function writePlace(encoder: Encoder, { mark, interfaceId }: PolicyId): void {
  if (mark) {
    const nest = encoder.beginNest(XFRMA_MARK, 0);
    encoder.u32(mark.value);
    encoder.u32(mark.mask);
    encoder.endNest(nest);
  }
  if (interfaceId !== undefined) encoder.attributeU32(XFRMA_IF_ID, interfaceId);
}

/** `struct xfrm_user_tmpl` */
function writeTemplate(encoder: Encoder, template: Template): void {
  writeAddress(encoder, template.destination);
  encoder.be32(0);
  encoder.u8(template.protocol);
  encoder.zeros(3);
  encoder.u16(familyNumber(template.family));
  encoder.u16(0);
  writeAddress(encoder, template.source);
  encoder.u32(template.requestId);
  encoder.u8(template.mode === 'tunnel' ? 1 : 0);
  encoder.u8(0);
  encoder.u8(template.optional ? 1 : 0);
  encoder.u8(0);
  // Any algorithm: which one is the association's business.
  encoder.u32(0xffff_ffff);
  encoder.u32(0xffff_ffff);
  encoder.u32(0xffff_ffff);
}

/** Reads XFRM_MSG_NEWPOLICY; undefined for those of sockets. */
export function decodePolicy(message: MessageView): PolicySpec | undefined {
  const { buffer, payload, end } = message;
  if (end - payload < POLICY_LENGTH) return undefined;
  const direction = DIRECTIONS[buffer[payload + 160]!];
  if (direction === undefined) return undefined;
  let templates: readonly Template[] = [];
  let mark: PolicyId['mark'];
  let interfaceId: number | undefined;
  const attributes = Attributes.of(message, POLICY_LENGTH);
  while (attributes.next()) {
    if (attributes.type === XFRMA_TMPL) templates = readTemplates(attributes);
    if (attributes.type === XFRMA_MARK && attributes.length >= 8)
      mark = { value: attributes.u32(0), mask: attributes.u32(4) };
    if (attributes.type === XFRMA_IF_ID && attributes.length >= 4) interfaceId = attributes.u32();
  }
  return {
    direction,
    selector: readSelector(buffer, payload),
    ...(mark && mark.mask !== 0 ? { mark } : {}),
    ...(interfaceId === undefined ? {} : { interfaceId }),
    priority: read32(buffer, payload + 152),
    action: buffer[payload + 161] === 1 ? 'block' : 'allow',
    templates,
  };
}

function readTemplates({ buffer, at, length }: Attributes): readonly Template[] {
  const templates: Template[] = [];
  for (let from = at; from + TEMPLATE_LENGTH <= at + length; from += TEMPLATE_LENGTH) {
    const family: Family = read16(buffer, from + 24) === AF_INET ? 4 : 6;
    const mode = buffer[from + 48] === 1 ? 'tunnel' : 'transport';
    const ends =
      mode === 'tunnel'
        ? { source: readAddress(buffer, from + 28, family), destination: readAddress(buffer, from, family) }
        : {};
    const optional = buffer[from + 50] !== 0 ? { optional: true } : {};
    const requestId = read32(buffer, from + 44);
    templates.push({ protocol: buffer[from + 20]!, mode, family, requestId, ...ends, ...optional });
  }
  return templates;
}

/** In the order of XFRM_POLICY_... */
const DIRECTIONS: readonly PolicyDirection[] = ['in', 'out', 'forward'];
const POLICY_LENGTH = SELECTOR_LENGTH + 112;
const TEMPLATE_LENGTH = 64;
const XFRM_MSG_DELPOLICY = 0x14;
const XFRM_MSG_GETPOLICY = 0x15;
const XFRM_MSG_UPDPOLICY = 0x19;
const XFRMA_TMPL = 5;
const XFRMA_MARK = 21;
