import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Metrics } from '../../app/metrics/metrics.ts';
import type { Logger } from '../../app/index.ts';
import type { VppClient } from '../../vpp/index.ts';
import { VppLife } from './life.ts';
import type { VppProcess } from './vpp-process.ts';

function stage(hangTimeout: number, absent?: string) {
  const metrics = new Metrics();
  const reports: string[] = [];
  const killed = Promise.withResolvers<undefined>();
  const own = { pid: 7, hangTimeout, kills: 0, kill: () => (own.kills++, killed.resolve(undefined)) };
  const client = { isConnected: true };
  const life = new VppLife({
    client: client as VppClient,
    process: own as unknown as VppProcess,
    metrics,
    log: { error() {} } as unknown as Logger,
    absent,
    report: (state, reason = '') => void reports.push(`${state} ${reason}`.trim()),
  });
  const metric = async (name: string): Promise<number> =>
    Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(await metrics.text())?.[1]);
  return { life, own, client, reports, metric, killed: killed.promise };
}

test('it is up when VPP is as wanted, and the reasons are reported', async () => {
  const { life, reports, metric } = stage(0);
  assert.equal(await metric('ligature_vpp_up'), 1);
  life.tell({ condition: 'lost', reason: 'VPP does not answer' });
  assert.equal(await metric('ligature_vpp_up'), 0);
  life.tell({ condition: 'back', isNew: true, after: 900 });
  assert.equal(await metric('ligature_vpp_up'), 0, 'it is not as wanted yet');
  life.tell({ condition: 'healed', isNew: true, after: 1_500, failed: 0 });
  assert.equal(await metric('ligature_vpp_up'), 1);
  assert.deepEqual(reports, [
    'ok',
    'error VPP is lost: VPP does not answer',
    'error VPP is there and is being made as wanted',
    'ok',
  ]);
  assert.equal(await metric('ligature_vpp_losses_total'), 1);
  assert.equal(await metric('ligature_vpp_restarts_total'), 1);
  assert.equal(await metric('ligature_vpp_heal_seconds_sum'), 1.5);
});

test('a process that runs and does not answer is killed', async () => {
  const { life, own, metric, killed, reports } = stage(5);
  life.tell({ condition: 'lost', reason: 'VPP does not answer' });
  await killed;
  assert.equal(own.kills, 1);
  assert.equal(await metric('ligature_vpp_hangs_total'), 1);
  assert.match(reports.at(-1) ?? '', /VPP \(process 7\) hung and is started again/);
});

test('one that ended, or came back in time, is not', async () => {
  const gone = stage(5);
  gone.life.tell({ condition: 'lost', reason: 'the connection was closed' });
  gone.own.pid = 8;
  const back = stage(5);
  back.life.tell({ condition: 'lost', reason: 'the connection was closed' });
  back.life.tell({ condition: 'healed', isNew: false, after: 1, failed: 0 });
  // A later timer of the same length runs after those.
  await new Promise((resolve) => setTimeout(resolve, 6));
  assert.deepEqual([gone.own.kills, back.own.kills], [0, 0]);
});

test('one that was never there keeps the agent starting, which is no loss', async () => {
  const { life, reports, metric } = stage(0, 'VPP is not there yet: /run/vpp/api.sock');
  assert.equal(await metric('ligature_vpp_up'), 0);
  life.tell({ condition: 'back', isNew: false, after: 20 });
  life.tell({ condition: 'healed', isNew: false, after: 30, failed: 0 });
  assert.deepEqual(reports, [
    'init VPP is not there yet: /run/vpp/api.sock',
    'init VPP is there and is being made as wanted',
    'ok',
  ]);
  assert.deepEqual([await metric('ligature_vpp_up'), await metric('ligature_vpp_losses_total')], [1, 0]);
});
