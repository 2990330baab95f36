export {
  type RecordDefinition,
  type Schema,
  schema,
  type SchemaDefinition,
  type ViewDefinition,
} from './schema/schema.ts'
