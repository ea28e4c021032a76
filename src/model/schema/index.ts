/** What is said about models outside of code: JSON schema, samples, descriptions of fields. */

export { configurationSchema, modelSchema, type SchemaOptions } from './configuration.ts';
export { addressForm, type AddressForm, describeElement, integerRange } from './descriptions.ts';
export type { JsonSchema } from './json-schema.ts';
export type { FieldNames } from './message.ts';
export { sampleFile, sampleObject, type SampleOptions } from './sample.ts';
