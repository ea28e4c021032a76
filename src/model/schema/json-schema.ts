/** The part of JSON Schema (draft 7, which editors know best) that is written here. */
export interface JsonSchema {
  $schema?: string;
  $ref?: string;
  title?: string;
  description?: string;
  type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';
  properties?: Record<string, JsonSchema>;
  additionalProperties?: boolean | JsonSchema;
  required?: string[];
  items?: JsonSchema;
  enum?: (string | number)[];
  /** Shown by editors beside each entry of `enum`. */
  enumDescriptions?: string[];
  minimum?: number;
  maximum?: number;
  pattern?: string;
  contentEncoding?: string;
  deprecated?: boolean;
  allOf?: JsonSchema[];
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  not?: JsonSchema;
  definitions?: Record<string, JsonSchema>;
}
