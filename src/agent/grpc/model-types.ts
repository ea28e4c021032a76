/** Types of the models as a registry of protobuf-es: what `google.protobuf.Any` may carry in JSON. */

import type { DescEnum, DescExtension, DescMessage, DescService, Registry } from '@bufbuild/protobuf';
import { BadRequestSchema } from '../../model/gen/google/rpc/error_details_pb.js';
import type { ModelRegistry } from '../../model/index.ts';

type Desc = DescMessage | DescEnum | DescExtension | DescService;

/** Follows the models: those that are registered later are known, too. */
export class ModelTypes implements Registry {
  readonly kind = 'registry';
  readonly #models: ModelRegistry;

  constructor(models: ModelRegistry) {
    this.#models = models;
  }

  *[Symbol.iterator](): Generator<Desc> {
    for (const { message } of this.#models.models()) yield message;
  }

  get(typeName: string): Desc | undefined {
    return this.getMessage(typeName);
  }

  getMessage(typeName: string): DescMessage | undefined {
    if (typeName === BadRequestSchema.typeName) return BadRequestSchema;
    return this.#models.modelOfMessage(typeName)?.message;
  }

  getEnum(): undefined {
    return undefined;
  }

  getExtension(): undefined {
    return undefined;
  }

  getExtensionFor(): undefined {
    return undefined;
  }

  getService(): undefined {
    return undefined;
  }
}
