import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatIp } from '../../../model/address.ts';
import { readLeaseLine } from './dhcp-lease.ts';

const MAC = '02:00:00:00:00:01';

test('a lease is read from what udhcpc says', () => {
  const line = 'lease event=bound ip=10.1.0.7 subnet=255.255.255.0 router=10.1.0.1 hostname=web';
  const event = readLeaseLine(line, 'tap1', MAC);
  assert.ok(event?.type === 'lease' && event.router);
  const { interfaceName, hostName, hostPhysAddress, hostIpAddress, routerIpAddress } = event.lease;
  assert.deepEqual(
    [interfaceName, hostName, hostPhysAddress, hostIpAddress, routerIpAddress, formatIp(event.router)],
    ['tap1', 'web', MAC, '10.1.0.7/24', '10.1.0.1/24', '10.1.0.1'],
  );
  assert.deepEqual(readLeaseLine('lease event=deconfig ip= subnet= router= hostname=', 'tap1', MAC), { type: 'none' });
  assert.deepEqual(readLeaseLine('lease event=leasefail ip= subnet= router= hostname=', 'tap1', MAC), {
    type: 'failed',
  });
});

test('what a server should not say is no lease', () => {
  const wrong = [
    'udhcpc: sending discover',
    'lease event=bound ip=10.1.0.7 subnet=255.0.255.0 router= hostname=',
    'lease event=bound ip=fd00::1 subnet=255.255.255.0 router= hostname=',
    'lease event=bound ip= subnet= router= hostname=',
    'lease event=$(id) ip=10.1.0.7 subnet=255.255.255.0 router= hostname=',
  ];
  for (const line of wrong) assert.equal(readLeaseLine(line, 'tap1', MAC), undefined, line);
  const odd = readLeaseLine('lease event=bound ip=10.1.0.7 subnet=255.255.255.0 router=none hostname=', 'tap1', MAC);
  assert.ok(odd?.type === 'lease' && odd.router === undefined && odd.lease.routerIpAddress === '');
});
