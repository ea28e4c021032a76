/** VPP's startup.conf from what people configure and what this host has. Pure. */

import { AppError } from '../../app/index.ts';
import type { Hugepages } from './hugepages.ts';
import type { Card, VppProcessSettings } from './settings.ts';

export interface VppPlaces {
  readonly directory: string;
  readonly apiSocket: string;
  readonly statsSocket: string;
  readonly cliSocket: string;
  readonly puntSocket: string;
  /** The file itself. */
  readonly startupConf: string;
  /** What VPP writes to its output. */
  readonly output: string;
  readonly log: string;
  /** Where VPP's plugins are; undefined: where it looks by itself. */
  readonly plugins: string | undefined;
}

export interface StartupConf {
  readonly text: string;
  /** What this host lacks, and what is done instead. */
  readonly warnings: readonly string[];
}

/** Bytes of a packet buffer with its headers, roughly. */
const BUFFER = 2_496;
const MEGABYTE = 1 << 20;

/** Errors: AppError `process` when the host lacks what is required. `cards`: those that are there. */
export function startupConf(
  settings: VppProcessSettings,
  places: VppPlaces,
  hugepages: Hugepages,
  cards: readonly Card[],
): StartupConf {
  const needed = settings.buffers * BUFFER;
  const free = Math.max(0, ...hugepages.values());
  const huge = settings.hugepages !== 'off' && free >= needed;
  const lack = `${megabytes(needed)} MB in huge pages of one size are needed for ${settings.buffers} buffers, ${megabytes(free)} MB are free`;
  const remedy = `reserve them (sysctl vm.nr_hugepages=${Math.ceil(needed / (2 * MEGABYTE))}) or take fewer buffers`;
  if (!huge && settings.hugepages === 'required') throw refusal('hugepages', `${lack}: ${remedy}`);
  if (!huge && cards.length > 0) throw refusal('cards', `DPDK needs huge pages. ${lack}: ${remedy}`);
  const warnings = huge || settings.hugepages === 'off' ? [] : [`${lack}: VPP uses pages of 4 kB, which is slower`];
  return { text: `${sections(settings, places, huge, cards).join('\n')}\n${settings.extra}\n`, warnings };
}

function sections(settings: VppProcessSettings, places: VppPlaces, huge: boolean, cards: readonly Card[]): string[] {
  const { directory, apiSocket, statsSocket, cliSocket, puntSocket, log } = places;
  const isBusy = cards.length > 0 || settings.workers > 0 || settings['worker-cores'] !== undefined;
  const sleep = settings['poll-sleep'] ?? (isBusy ? 0 : 100);
  const page = huge ? '' : ' page-size 4k';
  const heapPage = huge ? '' : ' main-heap-page-size 4k';
  return [
    '# Made by ligature from vpp-process.conf: changes here are lost.',
    `unix { nodaemon nosyslog runtime-dir ${directory} cli-listen ${cliSocket} log ${log} poll-sleep-usec ${sleep} }`,
    `cpu { ${cpu(settings)} }`,
    `memory { main-heap-size ${settings.heap}${heapPage} }`,
    `buffers { buffers-per-numa ${settings.buffers}${page} }`,
    `statseg { socket-name ${statsSocket} size 64M${page} update-interval 1 per-node-counters on }`,
    // VPPs of one host must not share its name.
    `api-segment { prefix ${prefixOf(directory)} }`,
    `socksvr { socket-name ${apiSocket} }`,
    `punt { socket ${puntSocket} }`,
    `plugins { ${pluginLines(settings, places, cards)} }`,
    ...(cards.length === 0 ? [] : [`dpdk { ${cards.map(dpdkDevice).join(' ')} }`]),
  ];
}

function cpu({ 'main-core': main, workers, 'worker-cores': cores }: VppProcessSettings): string {
  const mainCore = main === undefined ? '' : `main-core ${main} `;
  return mainCore + (cores === undefined ? `workers ${workers}` : `corelist-workers ${cores}`);
}

function pluginLines({ plugins }: VppProcessSettings, places: VppPlaces, cards: readonly Card[]): string {
  const path = plugins.path ?? places.plugins;
  return [
    ...(path === undefined ? [] : [`path ${path}`]),
    // It takes every card that it finds.
    ...(cards.length === 0 ? ['plugin dpdk_plugin.so { disable }'] : []),
    ...plugins.enable.map((name) => `plugin ${name} { enable }`),
    ...plugins.disable.map((name) => `plugin ${name} { disable }`),
  ].join(' ');
}

function dpdkDevice({ address, name }: Card): string {
  return `dev ${address}${name === undefined ? '' : ` { name ${name} }`}`;
}

function prefixOf(directory: string): string {
  return `lg-${directory.replaceAll(/[^\w]+/g, '-')}`.slice(-64);
}

function megabytes(bytes: number): number {
  return Math.ceil(bytes / MEGABYTE);
}

function refusal(field: string, message: string): AppError {
  return new AppError('process', `vpp-process.conf: ${field}: ${message}`, { field });
}
