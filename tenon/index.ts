export { config } from './config'
export { log } from './log'
