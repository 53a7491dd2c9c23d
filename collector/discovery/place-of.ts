/** What agents say out of the box, and people who have nothing to say. */
const FACTORY_LOCATIONS =
  /^(unknown\b.*|none|n\/?a|not set|undefined|(snmp )?location|right here, right now\.?|sitting on the dock of the bay.*|somewhere|default|tbd|todo|test|x+|-+|<.*>|edit .*|set .*location.*)?$/i;

/** Parts of a location stand between these; a hyphen only where it stands alone. */
const BETWEEN_PARTS = /[,;|:>\\/\n、，；：]+| [-–—] /;

/** Words for a part of a building: with a number or a letter behind them, at the end, they name no site. */
const INSIDE_WORDS = [
  'rack|cabinet|cab|enclosure|row|aisle|cage|room|rm|floor|fl|level|lvl|unit|ru|slot|shelf|bay|pod|closet',
  'hall|suite|desk|port|position|pos|idf|mdf|ups|outlet|ceiling|wing|zone|area|tile|grid|wall|pole|mast',
  'schrank|reihe|raum|etage|stock|og|ug|eg|baie|salle|étage|rangée|armoire|armario|fila|sala|planta|piso',
].join('|');
const INSIDE = new RegExp(
  `(^|[\\s_-])(?:${INSIDE_WORDS})s?(?:[\\s._#-]*[a-z]{0,2}\\d[\\w.-]*|[\\s._#-]+[a-z]\\d?)$`,
  'iu',
);
/** `2nd floor`, `3. OG`, `4F`, `U12`, `R14`: what is counted, with the count before or right behind it. */
const COUNTED = [
  /(^|[\s_-])\d+(?:st|nd|rd|th|\.)?\s*(?:floor|fl|og|ug|stock|etage|étage|piso|planta|f|u)$/iu,
  /(^|[\s_-])(?:ru|u|r|row|rk|fl)\d+$/iu,
  /^\d+(?:st|nd|rd|th|\.)?\s*(?:floor|fl|og|ug|stock|etage|étage|piso|planta)\b/iu,
  /^(?:lat|lon|long|latitude|longitude|gps|coordinates)?[\s=.]*[-+]?\d+(?:\.\d+)?°?\s*[nsew]?$/iu,
];
/** The same in Chinese: `3楼`, `A05机柜`, `机柜 12`, `2排`, `12U`. */
const COUNTED_ZH = [
  /[\s_-]*[a-z]?[\d一二三四五六七八九十-]+\s*(?:号|#)?(?:机柜|机架|柜|架|楼|层|排|列|室|房间)$/iu,
  /[\s_-]*(?:机柜|机架|楼层|柜|架|排|列)\s*(?:第)?\s*[a-z]?[\d-]+(?:号)?$/iu,
  /[\d]+号$/u,
];

/** A room of a kind that every site has, or a direction: what is left where no place is named. */
const ANYWHERE =
  /^(the |my |our )?(main|ground|first|second|third|top|east|west|north|south|central|server|data|network|comms?|communications?|computer|equipment|telco|telecom|telephone|electrical|power|battery|ups|utility|storage|machine|it|lan|wan|core|lab)?[\s-]*(room|rm|cent(er|re)|closet|cupboard|office|basement|roof|attic|lab|laboratory|wing|floor|ceiling|rack|cabinet|desk|home|garage|hall|corridor|shelf|idf|mdf|datacenter|datacentre|serverraum|keller|baie|top|bottom|left|right|front|back|upper|lower)s?$/i;
const ANYWHERE_ZH =
  /^(主|中心|核心|网络|数据|通信|弱电|设备|配电|电力)?(机房|机柜|办公室|弱电间|设备间|配电室|电池室|楼顶|地下室)$/u;
/** Furniture is at no place. */
const FURNITURE = /\b(desk|table|shelf|cupboard|closet)$/i;
/** Two letters at least: a number alone names nothing. */
const NAMES_SOMETHING = /\p{L}.*\p{L}|\p{Script=Han}/u;

/** RFC 3418 §2 sysLocation is no longer; an agent that sends more may mean to keep us busy. */
const LONGEST_LOCATION = 255;

/**
 * The site that a sysLocation names: its first part that is no rack, room, floor or the like, without
 * what such words say at its end. Of a path from the whole to the part (`Germany/Frankfurt/DC1/Rack 4`)
 * the last two such parts, for the last alone may be in several towns. Blank where it names none.
 */
export function placeOf(sysLocation: string): string {
  const location = sysLocation.trim().slice(0, LONGEST_LOCATION);
  if (FACTORY_LOCATIONS.test(location)) return '';
  const places = location
    .split(BETWEEN_PARTS)
    .map((part) => withoutInside(part))
    .filter((part) => part !== '');
  const isPath = /\w\s*[/>\\]\s*\w/.test(location) && !/[,;]/.test(location);
  if (isPath && places.length > 2) return places.slice(-2).join(' ');
  return places[0] ?? '';
}

/** Rounds of taking off: `Rack 3 U12` has two. */
const MOST_ROUNDS = 6;

function withoutInside(part: string): string {
  let left = part.trim();
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const before = left;
    for (const words of [INSIDE, ...COUNTED, ...COUNTED_ZH]) {
      left = left
        .replace(words, '')
        .replace(/[\s_.#-]+$/, '')
        .trim();
    }
    if (left === before) break;
  }
  const isPlace =
    NAMES_SOMETHING.test(left) &&
    !ANYWHERE.test(left) &&
    !FURNITURE.test(left) &&
    !ANYWHERE_ZH.test(left);
  return isPlace ? left : '';
}
