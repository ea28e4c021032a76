/** Configuration files: YAML or JSON text to objects and back. */

export { ConfigurationError, type ConfigProblem, formatProblem, type Position } from './errors.ts';
export { configurationObject, formatConfiguration, type FormatOptions, valueObject } from './format.ts';
export {
  type AsyncParseOptions,
  type Configuration,
  parseConfiguration,
  parseConfigurationAsync,
  type ParseOptions,
} from './parse.ts';
export type { ConfigValue } from './reader.ts';
