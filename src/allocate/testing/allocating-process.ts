/** Run by the test of several processes: allocates argv[3] items for owners named argv[2]-0, ... and prints them. */
import { Allocator } from '../allocator.ts';
import { addressPool } from '../pool.ts';
import { storeOfParent } from './store-over-ipc.ts';

const [name = '', count = '0'] = process.argv.slice(2);
const allocator = new Allocator(storeOfParent(), addressPool('pods', { cidr: '10.1.0.0/24' }));
const items = await Promise.all(Array.from({ length: Number(count) }, (_, i) => allocator.allocate(`${name}-${i}`)));
// Half of them given back and allocated again, so that items change hands.
for (let i = 0; i < items.length; i += 2) await allocator.release(`${name}-${i}`);
for (let i = 0; i < items.length; i += 2) items[i] = await allocator.allocate(`${name}-${i}`);
console.log(JSON.stringify(items));
process.disconnect();
