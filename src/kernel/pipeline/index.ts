export {
  addressProtocols,
  deviceGroupOf,
  deviceGroups,
  conntrackZones,
  numberIn,
  routeProtocols,
  routerGroupOf,
  routingTables,
} from './numbers.ts';
export { rulePreferences, tableOfVrf, tcPreferences, vrfOfTable, type NumberRange } from './numbers.ts';
export { stages, type Stage, type StageFamily, type StageHook, type StageName } from './hooks.ts';
export { connectionMarks, crossConnectMark, markOf, marks, type MarkField } from './marks.ts';
export { isOwnTable, tablePrefix, tables } from './tables.ts';
