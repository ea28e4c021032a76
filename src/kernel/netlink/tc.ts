/** The parts of traffic control that redirect and mirror: clsact, and filters that match everything. */

import * as rt from './constants.ts';
import type { Encoder } from './encoder.ts';
import { Attributes, read32 } from './reader.ts';
import type { MessageView } from './reader.ts';
import type { Query, Request } from './request.ts';

export type Direction = 'ingress' | 'egress';

/** A filter that takes every frame of a link in one direction and mirrors or redirects it. */
export interface MirrorSpec {
  readonly link: number;
  readonly direction: Direction;
  /** 1-65535; lower first. */
  readonly priority: number;
  /** `matchall` where the kernel has it (capability `tc-matchall`), else `u32`, which does the same. */
  readonly classifier: 'u32' | 'matchall';
  /** `mirror`: a copy, the frame goes on; `redirect`: the frame itself; `deliver`: the frame itself, as if the target had received it. */
  readonly action: 'mirror' | 'redirect' | 'deliver';
  /** Index of the link that gets it, sent out of it. */
  readonly target: number;
}

export interface Qdisc {
  readonly link: number;
  readonly kind: string;
  readonly handle: number;
  readonly parent: number;
}

export interface Filter {
  readonly link: number;
  readonly kind: string;
  readonly direction: Direction | undefined;
  readonly priority: number;
  readonly handle: number;
  /** Present when its action is to mirror or redirect. */
  readonly action?: 'mirror' | 'redirect';
  readonly target?: number;
}

/** Gives a link the hooks that filters hang on; EEXIST when it has them. */
export function addClsact(link: number): Request<number> {
  return clsact(rt.RTM_NEWQDISC, rt.NLM_F_CREATE | rt.NLM_F_EXCL, link, 'add');
}

/** Takes the hooks away, with all filters on them. */
export function deleteClsact(link: number): Request<number> {
  return clsact(rt.RTM_DELQDISC, 0, link, 'delete');
}

/** Adds a mirror or redirection; EEXIST when there is one of this priority. The link must have clsact. */
export function addMirror(spec: MirrorSpec): Request<MirrorSpec> {
  return {
    type: rt.RTM_NEWTFILTER,
    flags: rt.NLM_F_CREATE | rt.NLM_F_EXCL,
    lane: 'quick',
    spec,
    encode: encodeMirror,
    describe: (mirror) => `add ${mirror.direction} ${mirror.action} of link #${mirror.link} to #${mirror.target}`,
    cost: 40,
  };
}

/** Deletes all filters of one priority. */
export function deleteFilters(spec: Pick<MirrorSpec, 'link' | 'direction' | 'priority'>): Request<typeof spec> {
  return {
    type: rt.RTM_DELTFILTER,
    flags: 0,
    lane: 'quick',
    spec,
    encode: (encoder) => writeHeader(encoder, spec.link, 0, PARENTS[spec.direction], (spec.priority << 16) >>> 0),
    describe: ({ link, direction, priority }) => `delete ${direction} filters ${priority} of link #${link}`,
    cost: 40,
  };
}

export function listQdiscs(filter: { readonly link?: number } = {}): Query<Qdisc, { readonly link?: number }> {
  return {
    type: rt.RTM_GETQDISC,
    flags: rt.NLM_F_DUMP,
    spec: filter,
    encode: (encoder, { link }) => writeHeader(encoder, link ?? 0, 0, 0, 0),
    describe: () => 'list queueing disciplines',
    decode(message, { link }) {
      const qdisc = decodeQdisc(message);
      return link === undefined || qdisc.link === link ? qdisc : undefined;
    },
  };
}

export function listFilters(spec: {
  readonly link: number;
  readonly direction: Direction;
}): Query<Filter, typeof spec> {
  return {
    type: rt.RTM_GETTFILTER,
    flags: rt.NLM_F_DUMP,
    spec,
    encode: (encoder, { link, direction }) => writeHeader(encoder, link, 0, PARENTS[direction], 0),
    describe: ({ link, direction }) => `list ${direction} filters of link #${link}`,
    decode: decodeFilter,
  };
}

function clsact(type: number, flags: number, link: number, verb: string): Request<number> {
  return {
    type,
    flags,
    lane: type === rt.RTM_DELQDISC ? 'slow' : 'quick',
    spec: link,
    encode(encoder) {
      writeHeader(encoder, link, TC_H_CLSACT_HANDLE, TC_H_CLSACT, 0);
      encoder.attributeString(TCA_KIND, 'clsact');
    },
    describe: () => `${verb} clsact of link #${link}`,
    cost: 50,
  };
}

function encodeMirror(encoder: Encoder, spec: MirrorSpec): void {
  writeHeader(encoder, spec.link, 0, PARENTS[spec.direction], ((spec.priority << 16) | ETH_P_ALL) >>> 0);
  encoder.attributeString(TCA_KIND, spec.classifier);
  const options = encoder.beginNest(TCA_OPTIONS);
  if (spec.classifier === 'u32') writeMatchAnything(encoder);
  const actions = encoder.beginNest(spec.classifier === 'u32' ? TCA_U32_ACT : TCA_MATCHALL_ACT);
  const first = encoder.beginNest(1);
  encoder.attributeString(TCA_ACT_KIND, 'mirred');
  const parameters = encoder.beginNest(TCA_ACT_OPTIONS);
  writeMirred(encoder, spec);
  encoder.endNest(parameters);
  encoder.endNest(first);
  encoder.endNest(actions);
  encoder.endNest(options);
}

/** struct tc_u32_sel with one key whose mask is 0 */
function writeMatchAnything(encoder: Encoder): void {
  const selector = encoder.beginNest(TCA_U32_SEL, 0);
  encoder.u8(TC_U32_TERMINAL);
  encoder.u8(0);
  encoder.u8(1);
  encoder.zeros(13);
  encoder.zeros(16);
  encoder.endNest(selector);
}

/** struct tc_mirred */
function writeMirred(encoder: Encoder, { action, target }: MirrorSpec): void {
  const parameters = encoder.beginNest(TCA_MIRRED_PARMS, 0);
  encoder.u32(0);
  encoder.u32(0);
  // After a copy the next filter is asked: there can be several.
  encoder.u32(action === 'mirror' ? TC_ACT_UNSPEC : TC_ACT_STOLEN);
  encoder.u32(0);
  encoder.u32(0);
  encoder.u32({ mirror: TCA_EGRESS_MIRROR, redirect: TCA_EGRESS_REDIR, deliver: TCA_INGRESS_REDIR }[action]);
  encoder.u32(target);
  encoder.endNest(parameters);
}

/** struct tcmsg */
function writeHeader(encoder: Encoder, link: number, handle: number, parent: number, info: number): void {
  encoder.u32(0);
  encoder.u32(link);
  encoder.u32(handle);
  encoder.u32(parent);
  encoder.u32(info);
}

function decodeQdisc(message: MessageView): Qdisc {
  const { buffer, payload } = message;
  const attributes = Attributes.of(message, 20);
  let kind = '';
  while (attributes.next()) if (attributes.type === TCA_KIND) kind = attributes.string();
  return {
    link: read32(buffer, payload + 4),
    handle: read32(buffer, payload + 8),
    parent: read32(buffer, payload + 12),
    kind,
  };
}

function decodeFilter(message: MessageView): Filter | undefined {
  const { buffer, payload } = message;
  const parent = read32(buffer, payload + 12);
  const filter: { -readonly [K in keyof Filter]: Filter[K] } = {
    link: read32(buffer, payload + 4),
    kind: '',
    direction: parent === PARENTS.ingress ? 'ingress' : parent === PARENTS.egress ? 'egress' : undefined,
    priority: read32(buffer, payload + 16) >>> 16,
    handle: read32(buffer, payload + 8),
  };
  const attributes = Attributes.of(message, 20);
  let hasActions = false;
  while (attributes.next()) {
    if (attributes.type === TCA_KIND) filter.kind = attributes.string();
    else if (attributes.type === TCA_OPTIONS) hasActions = readOptions(attributes.nested(), filter);
  }
  // u32 lists its hash tables, too.
  return filter.kind === 'u32' && !hasActions ? undefined : filter;
}

function readOptions(
  options: Attributes,
  filter: { action?: Filter['action']; target?: number; kind: string },
): boolean {
  const wanted = filter.kind === 'u32' ? TCA_U32_ACT : TCA_MATCHALL_ACT;
  while (options.next()) {
    if (options.type !== wanted) continue;
    const actions = options.nested();
    while (actions.next()) readAction(actions.nested(), filter);
    return true;
  }
  return false;
}

function readAction(action: Attributes, filter: { action?: Filter['action']; target?: number }): void {
  while (action.next()) {
    if (action.type !== TCA_ACT_OPTIONS) continue;
    const parameters = action.nested();
    while (parameters.next()) {
      if (parameters.type !== TCA_MIRRED_PARMS || parameters.length < 28) continue;
      filter.action = parameters.u32(20) === TCA_EGRESS_MIRROR ? 'mirror' : 'redirect';
      filter.target = parameters.u32(24);
    }
  }
}

const TC_H_CLSACT = 0xfffffff1;
const TC_H_CLSACT_HANDLE = 0xffff0000;
const PARENTS: Readonly<Record<Direction, number>> = { ingress: 0xfffffff2, egress: 0xfffffff3 };
/** In network order in a host word: htons(3). */
const ETH_P_ALL = 0x0300;
const TCA_KIND = 1;
const TCA_OPTIONS = 2;
const TCA_U32_SEL = 5;
const TCA_U32_ACT = 7;
const TC_U32_TERMINAL = 1;
const TCA_MATCHALL_ACT = 2;
const TCA_ACT_KIND = 1;
const TCA_ACT_OPTIONS = 2;
const TCA_MIRRED_PARMS = 2;
const TC_ACT_UNSPEC = 0xffffffff;
const TC_ACT_STOLEN = 4;
const TCA_EGRESS_REDIR = 1;
const TCA_EGRESS_MIRROR = 2;
const TCA_INGRESS_REDIR = 3;
