// The handler alone, as a plain service: what runs in production.
import { start } from 'mortise/http'
import * as handler from './handler.ts'

console.log(await start(handler))
