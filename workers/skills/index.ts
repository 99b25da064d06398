import { classify } from './classify'
import { entities } from './entities'
import { extract } from './extract'
import { language } from './language'
import { summarise } from './summarise'
import { tags } from './tags'

/** Every skill, by name. A new one is its folder and one line here. */
export const skills = { classify, extract, summarise, entities, tags, language }
