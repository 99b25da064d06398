import { answer } from './answer'
import { classify } from './classify'
import { compare } from './compare'
import { draft } from './draft'
import { entities } from './entities'
import { extract } from './extract'
import { injection } from './injection'
import { language } from './language'
import { pii } from './pii'
import { plan } from './plan'
import { relations } from './relations'
import { rewrite } from './rewrite'
import { sentiment } from './sentiment'
import { summarise } from './summarise'
import { tags } from './tags'

/** Every skill, by name. A new one is its folder and one line here. */
export const skills = {
  answer,
  classify,
  compare,
  extract,
  summarise,
  entities,
  tags,
  language,
  draft,
  rewrite,
  pii,
  injection,
  relations,
  sentiment,
  plan,
}
