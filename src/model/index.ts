/** The public face of the model room. Message types are imported from `gen/` where they are needed. */

export type { ConfigPlace } from './config-place.ts';
export { modelDetail } from './detail.ts';
export { type FieldProblem, ModelError, type ModelErrorCode } from './errors.ts';
export {
  type AsyncParseOptions,
  type ConfigProblem,
  type Configuration,
  ConfigurationError,
  configurationObject,
  type ConfigValue,
  formatConfiguration,
  type FormatOptions,
  formatProblem,
  parseConfiguration,
  parseConfigurationAsync,
  type ParseOptions,
  type Position,
  valueObject,
} from './config/index.ts';
export { asKey, isUnder, type Key } from './key.ts';
export type { Model, ModelDefinition } from './model.ts';
export { builtInModels, createModelRegistry } from './models/index.ts';
export { type AnyValue, ModelRegistry, type ValueFormat } from './registry.ts';
export {
  type AddressForm,
  addressForm,
  configurationSchema,
  describeElement,
  type FieldNames,
  integerRange,
  type JsonSchema,
  modelSchema,
  sampleFile,
  sampleObject,
  type SampleOptions,
  type SchemaOptions,
} from './schema/index.ts';
export type { ModelSpec } from './spec.ts';
export { closest, didYouMean } from './suggestion.ts';
