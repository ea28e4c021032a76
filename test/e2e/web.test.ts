import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { Browser, Locator, Page } from 'playwright-core';
import { buildWeb, initialLimit } from '../../scripts/build-web.ts';
import { requires } from '../requires.ts';
import { AgentProcess } from './agent-process.ts';
import { complaintsOf, openBrowser, requiresBrowser } from './browser.ts';

const network = `vppConfig:
  interfaces:
    - { name: tap1, type: TAP, enabled: true, tap: { hostIfName: lg-tap1 } }
    - { name: bvi1, type: SOFTWARE_LOOPBACK, enabled: true, ipAddresses: [10.78.0.1/24] }
  bridgeDomains:
    - name: lan
      learn: true
      flood: true
      forward: true
      interfaces: [{ name: bvi1, bridgedVirtualInterface: true }, { name: tap1 }, { name: absent }]
`;

suite('the web UI', { skip: requires({ netns: true }) || requiresBrowser() }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'lg-web-'));
  let agent: AgentProcess;
  let browser: Browser;
  let page: Page;
  let complaints: string[];

  before(async () => {
    assert.ok((await buildWeb(folder)) < initialLimit, 'what is loaded at once is small');
    agent = await AgentProcess.open([], { 'web.conf': `folder: ${folder}\n` });
    assert.equal(agent.ligature('config', 'apply', agent.file('network.yaml', network)).status, 0);
    browser = await openBrowser();
    page = await browser.newPage();
    page.setDefaultTimeout(20_000);
    complaints = complaintsOf(page);
  });
  after(async () => {
    await browser?.close();
    await agent?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  const open = (place: string) => page.goto(`http://127.0.0.1:${agent.port}/#${place}`);
  const seen = (text: string | RegExp) => page.getByText(text).first().waitFor();

  test('the overview says what needs attention and why', async () => {
    await open('/');
    await page.getByText('live', { exact: true }).waitFor();
    const attention = page.getByRole('region', { name: 'Needs attention' });
    await attention.getByRole('link', { name: /vpp\/bd\/lan\/interface\/absent/ }).waitFor();
    await attention.getByText('waits for interface absent').waitFor();
    await seen(/CONFIGURED/);
  });

  test('objects are found by name, and one tells what it waits for', async () => {
    await open('/objects');
    await page.getByRole('searchbox').fill('lan');
    await page.getByRole('link', { name: 'lan', exact: true }).click();
    await seen('In the data plane');
    await page.getByRole('button', { name: 'read now' }).click();
    await seen('The data plane is as applied.');
    await page
      .getByRole('link', { name: /absent/ })
      .first()
      .click();
    await seen(/waits for/);
    await seen('interface absent');
  });

  test('the graph says on its lines what is needed, where no box hides it', async () => {
    await open('/graph');
    await page.getByText('interface tap1').first().waitFor();
    const hidden = await page.evaluate(`(() => {
      const boxes = [...document.querySelectorAll('.react-flow__node')].map((one) => one.getBoundingClientRect());
      const under = (label) => boxes.some((box) =>
        label.left + 2 < box.right && label.right - 2 > box.left && label.top < box.bottom && label.bottom > box.top);
      const labels = [...document.querySelectorAll('.react-flow__edge-textwrapper')];
      return labels.filter((one) => under(one.getBoundingClientRect())).map((one) => one.textContent);
    })()`);
    assert.deepEqual(hidden, []);
  });

  test('the topology has the bridge domain, its ports and the router', async () => {
    await open('/topology');
    for (const name of ['lan', 'tap1', 'bvi1', 'VRF 0'])
      await page.locator('.react-flow__node', { hasText: name }).first().waitFor();
  });

  test('the graph shows all objects, and what is around one', async () => {
    await open('/graph');
    await page.locator('.react-flow__node', { hasText: 'tap1' }).click();
    await page.getByRole('button', { name: 'Show all' }).waitFor();
    await page.locator('.react-flow__node', { hasText: 'lan' }).first().waitFor();
  });

  test('transactions tell their operations', async () => {
    await open('/transactions');
    await page
      .getByRole('link', { name: /^#\d+$/ })
      .last()
      .click();
    await seen(/Done: \d+ operations/);
  });

  test('counters of interfaces and of the agent are live', async () => {
    await open('/counters');
    const row = page.getByRole('listitem').filter({ hasText: 'bvi1' });
    await row.getByRole('link', { name: 'bvi1' }).waitFor();
    // A rate needs two readings.
    await row.getByText(/↓ .* B\/s/).waitFor();
    await page.getByRole('button', { name: 'Agent', exact: true }).click();
    await page.getByRole('searchbox').fill('process_resident_memory_bytes');
    await seen('process_resident_memory_bytes');
  });

  test('without a token, changing says what is missing', async () => {
    await open('/logs');
    await page.getByLabel('Level of intent').selectOption('debug');
    await seen(/this needs the role operate/);
  });

  test('edit, plan, apply, roll back', async () => {
    await open('/configuration');
    await page.getByRole('button', { name: 'Sign in' }).first().click();
    await page.getByLabel('Token').fill(agent.token);
    await page.getByRole('dialog').getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('button', { name: 'Sign out' }).waitFor();

    const editor = await editorOf('cli');
    await editor.fill(`${network}  routes:\n    - { dstNetwork: 10.79.0.0/16, nextHopAddr: 10.78.0.9 }\n`);
    await page.getByRole('button', { name: 'Preview the plan' }).click();
    await seen(/Plan: \d+ operations/);
    await page
      .getByRole('link', { name: /10\.79\.0\.0/ })
      .first()
      .waitFor();
    await page.getByRole('button', { name: 'Apply', exact: true }).click();
    await page.getByRole('link', { name: /transaction #\d+/ }).click();
    await seen(/Done: \d+ operations/);
    assert.match(routes(), /10\.79\.0\.0/);

    await page.getByRole('button', { name: 'Roll back …' }).click();
    await page.getByRole('button', { name: 'Roll back', exact: true }).click();
    await seen(/Rolled back by/);
    assert.doesNotMatch(routes(), /10\.79\.0\.0/);
  });

  test('a wrong configuration is refused at its line, and changes nothing', async () => {
    await open('/configuration');
    const editor = await editorOf('cli');
    await editor.fill('vppConfig:\n  interfaces:\n    - { name: tap9, type: TAP, mtuu: 5 }\n');
    await page.getByRole('button', { name: 'Preview the plan' }).click();
    await page.getByRole('alert').getByText(/mtuu/).first().waitFor();
    assert.ok(await page.getByRole('button', { name: 'Apply', exact: true }).isDisabled());
  });

  test('every page can be reached by keyboard, and nothing complained', async () => {
    await open('/');
    await page.locator('body').click();
    await page.keyboard.press('g');
    await page.keyboard.press('b');
    await page.getByRole('heading', { name: 'Objects' }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('tap1');
    await page.getByRole('link', { name: 'tap1', exact: true }).waitFor();
    const refused = /status of (400|401)/;
    assert.deepEqual(
      complaints.filter((complaint) => !refused.test(complaint)),
      [],
    );
  });

  /** The editor with what a source wants. */
  async function editorOf(source: string): Promise<Locator> {
    await page.getByLabel('Source').selectOption(source);
    const editor = page.getByRole('textbox', { name: 'Configuration in YAML' });
    await editor.getByText('tap1').first().waitFor();
    return editor;
  }

  function routes(): string {
    const { stdout } = agent.ligature('dump', 'vpp.route', '--view', 'cached');
    return stdout;
  }
});
