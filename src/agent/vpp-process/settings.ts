/** `vpp-process.conf`: the VPP that the agent starts, in words for people. */

import * as z from 'zod';
import { duration } from '../../app/index.ts';

/** A size as VPP reads it. */
const size = z.string().regex(/^[1-9]\d{0,5}[KMG]$/, 'a size like 512M or 1G is accepted');
/** Goes into a file of VPP's: no blanks, no braces. */
const word = z.string().regex(/^[\w.:/-]+$/, 'letters, digits and . : / - _ are accepted');
const cores = z.string().regex(/^\d+(-\d+)?(,\d+(-\d+)?)*$/, 'processor cores like 2-5,8 are accepted');

const card = z.strictObject({
  address: z
    .string()
    .regex(/^[0-9a-f]{4}:[0-9a-f]{2}:[01][0-9a-f]\.[0-7]$/, 'a PCI address like 0000:00:08.0 is accepted')
    .describe('PCI address'),
  name: word.optional().describe("VPP's name of it; default: from the address (GigabitEthernet0/8/0)"),
  driver: z
    .enum(['vfio-pci', 'uio_pci_generic', 'keep'])
    .default('vfio-pci')
    .describe('kernel driver it is given to VPP with; keep: the one it has (Mellanox)'),
});

export const vppProcessSettings = z.strictObject({
  binary: z
    .string()
    .default('')
    .describe('the program: the agent starts VPP and keeps it running; empty: VPP is started by somebody else'),
  directory: z
    .string()
    .default('')
    .describe('where VPP has its sockets, its log and startup.conf; default: vpp in the state directory'),
  'main-core': z.number().int().min(0).optional().describe('processor core of the main thread; default: any'),
  workers: z.number().int().min(0).max(255).default(0).describe('worker threads; 0: the main thread does everything'),
  'worker-cores': cores.optional().describe('processor cores of the workers, one each; in place of workers'),
  heap: size.default('1G').describe('memory for tables (routes, sessions, interfaces)'),
  buffers: z.number().int().min(1_024).max(4_000_000).default(16_384).describe('packets that VPP can hold'),
  hugepages: z
    .enum(['auto', 'required', 'off'])
    .default('auto')
    .describe(
      'auto: used when enough are reserved, else pages of 4 kB and a warning; required: VPP is not started without',
    ),
  'poll-sleep': z
    .number()
    .int()
    .min(0)
    .max(10_000)
    .optional()
    .describe('microseconds that VPP sleeps between two looks; default: 100 without cards and workers, else 0'),
  cards: z.array(card).default([]).describe('network cards that VPP takes from the kernel (DPDK)'),
  'missing-cards': z
    .enum(['refuse', 'skip'])
    .default('refuse')
    .describe('what to do when a card is not there: do not start VPP, or start it without the card'),
  plugins: z
    .strictObject({
      path: word.optional().describe("where VPP's plugins are; default: beside the program"),
      enable: z.array(word).default([]).describe('plugins that are off by default, e.g. nat44_ei_plugin.so'),
      disable: z.array(word).default([]).describe('plugins that are on by default'),
    })
    .prefault({})
    .describe('which plugins VPP loads'),
  extra: z.string().default('').describe('sections added to startup.conf as they are'),
  'restart-delay': duration().default(500).describe('time until VPP is started again; doubled each time'),
  'restart-delay-limit': duration().default(30_000).describe('the longest time until it is started again'),
  'hang-timeout': duration()
    .default(30_000)
    .describe('a VPP that runs and does not answer for so long is killed and started again; 0: only reported'),
  'stop-with-agent': z
    .boolean()
    .default(false)
    .describe('end VPP when the agent ends; default: it goes on, and the next agent takes it over'),
});

export type VppProcessSettings = z.output<typeof vppProcessSettings>;
export type Card = z.output<typeof card>;
