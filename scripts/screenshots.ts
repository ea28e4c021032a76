/**
 * `npm run screenshots`: docs/images as the web UI draws them now, from an agent in namespaces of its own. Needs chromium and
 * network namespaces.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { AgentProcess } from '../test/e2e/agent-process.ts';
import { openBrowser } from '../test/e2e/browser.ts';
import { buildWeb } from './build-web.ts';

const images = join(import.meta.dirname, '../docs/images');

/** What a small node may have; one thing waits. */
const network = `vppConfig:
  interfaces:
    - { name: uplink, type: SOFTWARE_LOOPBACK, enabled: true, ipAddresses: [192.0.2.1/24] }
    - { name: bvi, type: SOFTWARE_LOOPBACK, enabled: true, ipAddresses: [10.1.1.1/24] }
    - { name: tap-web, type: TAP, enabled: true, tap: { version: 2 } }
    - { name: tap-db, type: TAP, enabled: true, tap: { version: 2 } }
    - { name: vxlan, type: VXLAN_TUNNEL, enabled: true, vxlan: { srcAddress: 192.0.2.1, dstAddress: 192.0.2.2, vni: 10 } }
  bridgeDomains:
    - name: lan
      learn: true
      flood: true
      forward: true
      interfaces:
        - { name: bvi, bridgedVirtualInterface: true }
        - { name: tap-web }
        - { name: tap-db }
        - { name: vxlan, splitHorizonGroup: 1 }
        - { name: tap-new }
  routes:
    - { dstNetwork: 10.2.0.0/16, nextHopAddr: 192.0.2.9, outgoingInterface: uplink }
    - { dstNetwork: 10.3.0.0/16, nextHopAddr: 10.1.1.20 }
linuxConfig:
  interfaces:
    - { name: web, type: TAP_TO_VPP, hostIfName: eth0, enabled: true, ipAddresses: [10.1.1.10/24], namespace: { type: NSID, reference: lg-shot-web }, tap: { vppTapIfName: tap-web } }
    - { name: db, type: TAP_TO_VPP, hostIfName: eth0, enabled: true, ipAddresses: [10.1.1.20/24], namespace: { type: NSID, reference: lg-shot-db }, tap: { vppTapIfName: tap-db } }
`;

/** Where it is taken, and what has to be seen first. */
const shots: readonly { readonly name: string; readonly place: string; ready(page: Page): Promise<unknown> }[] = [
  { name: 'overview', place: '/', ready: (page) => page.getByText('Needs attention').first().waitFor() },
  { name: 'graph', place: '/graph', ready: (page) => page.locator('.react-flow__node').first().waitFor() },
  {
    name: 'counters',
    place: '/counters',
    // Several readings make a line.
    ready: async (page) => {
      const course = page.getByLabel('received by tap-web').locator('polyline');
      while (((await course.getAttribute('points')) ?? '').split(' ').length < 4) await page.waitForTimeout(500);
    },
  },
];

const pods = ['lg-shot-web', 'lg-shot-db'];
const ip = (...args: string[]) => spawnSync('ip', args, { stdio: 'inherit' });

const folder = mkdtempSync(join(tmpdir(), 'lg-shots-'));
await buildWeb(folder);
const agent = await AgentProcess.open([], { 'web.conf': `folder: ${folder}\n` });
const browser = await openBrowser();
for (const pod of pods) ip('netns', 'add', pod);
// Something to see in the counters.
const traffic = () =>
  spawn('ip', ['netns', 'exec', 'lg-shot-web', 'ping', '-q', '-i', '0.01', '-s', '900', '10.1.1.20'], {
    stdio: 'ignore',
  });
let ping: ReturnType<typeof traffic> | undefined;
try {
  const applied = agent.ligature('config', 'apply', agent.file('network.yaml', network));
  if (applied.status !== 0) throw new Error(applied.stderr);
  ping = traffic();
  const page = await browser.newPage({ viewport: { width: 1200, height: 700 } });
  for (const { name, place, ready } of shots) {
    await page.goto(`http://127.0.0.1:${agent.port}/#${place}`);
    await ready(page);
    // Fonts, and pictures that move to where they belong.
    await page.evaluate('document.fonts.ready.then(() => undefined)');
    await page.waitForTimeout(1500);
    const path = join(images, `${name}.jpeg`);
    await page.screenshot({ path, type: 'jpeg', quality: 70 });
    console.log(`${path} ${(statSync(path).size / 1024).toFixed(0)} kB`);
  }
} finally {
  ping?.kill();
  await browser.close();
  await agent[Symbol.asyncDispose]();
  for (const pod of pods) ip('netns', 'delete', pod);
  rmSync(folder, { recursive: true });
}
