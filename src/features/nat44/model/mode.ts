import type { Dependency } from '../../../scheduler/kind.ts';
import { ENDPOINT_DEPENDENT_KEY, NAT44_GLOBAL_KEY } from './keys.ts';

/** NAT has to be on. */
export const natEnabled: Dependency = { label: 'NAT44', key: NAT44_GLOBAL_KEY };

/** NAT has to tell sessions apart by their far end. */
export const endpointDependent: Dependency = { label: 'NAT44 in endpoint-dependent mode', key: ENDPOINT_DEPENDENT_KEY };
