import Type, { type Static, type TProperties, type TSchema } from 'typebox';
import { FAULT_KINDS } from './model.ts';
import { CONVERSIONS, HEALTH_STATES, INDEX_FORMS, POOL_KINDS, TABLE_KINDS } from './profile.ts';
import { READING_CLASS_NAMES } from './reading-class.ts';
import { choice, count, flag, id, listOf, localText, section, text } from './schema-terms.ts';
import { STANDARD_SUBJECTS } from './standard-def.ts';

/** Form of a profile file. Numbers of OIDs and enumerations are facts of the MIBs; the words are ours. */

const OID = '^[0-2](\\.[0-9]{1,10}){1,126}$';
const NAME = '^[A-Za-z][A-Za-z0-9]{0,63}$';
const LABEL = '^[a-z][a-z0-9_]{0,63}$';

function oid(description: string) {
  return Type.String({
    title: 'OID',
    description,
    pattern: OID,
    maxLength: 500,
    examples: ['1.3.6.1.2.1.1.3.0'],
  });
}

function name(description: string) {
  return Type.String({ title: 'name', description, pattern: NAME, examples: ['ifOperStatus'] });
}

function label(description: string) {
  return Type.String({ title: 'label', description, pattern: LABEL, examples: ['sensor'] });
}

function number(description: string) {
  return Type.Number({ description });
}

function mapOf<S extends TSchema>(value: S, description: string) {
  return Type.Unsafe<Record<string, Static<S>>>({
    type: 'object',
    description,
    additionalProperties: value,
    maxProperties: 200,
    default: {},
  });
}

function mapOfNoDefault<S extends TSchema>(value: S, description: string) {
  return Type.Unsafe<Record<string, Static<S>>>({
    type: 'object',
    description,
    additionalProperties: value,
    minProperties: 1,
    maxProperties: 50,
  });
}

const texts = (description: string) => listOf(text(description), description, 100);

export const TestEntry = section({
  value: name('Which value is tested.'),
  equals: Type.Optional(Type.Array(Type.Number(), { description: 'It is one of these.' })),
  is: Type.Optional(
    Type.Array(Type.String({ maxLength: 500 }), { description: 'The text is one of these.' }),
  ),
  atLeast: Type.Optional(number('It is this or more.')),
  atMost: Type.Optional(number('It is this or less.')),
  stayAtLeast: Type.Optional(number('In place of atLeast while the condition stands.')),
  stayAtMost: Type.Optional(number('In place of atMost while the condition stands.')),
  contains: Type.Optional(
    Type.Array(Type.String({ minLength: 1, maxLength: 100 }), {
      description: 'The text contains one of these, in any case.',
    }),
  ),
});

const tests = {
  all: listOf(TestEntry, 'All of these hold.', 20),
  any: listOf(TestEntry, 'One of these holds, when there are any.', 20),
  none: listOf(TestEntry, 'None of these holds.', 20),
};

export const ConditionEntry = section({
  fault: choice('fault', FAULT_KINDS, 'What is wrong.'),
  level: choice('level', ['warning', 'critical'], 'How bad it is.'),
  component: Type.Optional(text('The part; a row of a table names itself.')),
  ...tests,
  forPolls: count('Full polls in a row in which it must hold.', {
    minimum: 1,
    maximum: 100,
    default: 1,
  }),
  text: localText('A short sentence; {row}, {value}, {percent} and names are filled in.'),
  batteryMinutes: Type.Optional(name('Value that tells the minutes of battery left.')),
  chargeRatio: Type.Optional(name('Value that tells the charge left.')),
  measured: Type.Optional(name('Value that is meant.')),
});

const readingClass = choice('class', READING_CLASS_NAMES, 'What is measured.');

const limits = Type.Optional(
  section(
    {
      lowCritical: Type.Optional(name('Value at or below which it is critical.')),
      lowWarning: Type.Optional(name('Value at or below which it is a warning.')),
      highWarning: Type.Optional(name('Value at or above which it is a warning.')),
      highCritical: Type.Optional(name('Value at or above which it is critical.')),
    },
    { description: 'Limits that the device itself has, in the unit of the reading.' },
  ),
);

const unitBy = Type.Optional(
  section(
    {
      value: name('Value that tells the unit.'),
      units: mapOf(
        section({
          class: readingClass,
          scale: Type.Number({ description: 'Factor to the base unit.', default: 1 }),
          offset: Type.Number({ description: 'Added after the factor.', default: 0 }),
        }),
        'What each of its values says.',
      ),
    },
    { description: 'The unit is in another object.' },
  ),
);

const reading = {
  name: name('Symbolic name of the object in its MIB.'),
  text: flag('Keep it as text.'),
  class: Type.Optional(readingClass),
  title: Type.Optional(text('How people call it; {row} and names of values are filled in.')),
  metric: Type.Optional(label('Exported as this metric, without prefix.')),
  labels: mapOf(Type.String({ maxLength: 100 }), 'Labels of the series.'),
  scale: Type.Number({ description: 'Factor to the base unit.', default: 1 }),
  offset: Type.Number({ description: 'Added after the factor.', default: 0 }),
  unsigned: flag('A negative number is a wrapped one.'),
  times: Type.Optional(name('Value of the same row to multiply with.')),
  dividedBy: Type.Optional(name('Value of the same row to divide by.')),
  decimals: Type.Optional(name('Value of the same row: how many of the digits are decimals.')),
  unitBy,
  convert: Type.Optional(choice('conversion', CONVERSIONS, 'What the value is turned into.')),
  pattern: Type.Optional(
    Type.String({
      description: 'Where the number is in a text: an expression with one group.',
      maxLength: 200,
    }),
  ),
  character: Type.Optional(count('Which character of a text it is.', { minimum: 1, maximum: 128 })),
  product: listOf(
    name('Value.'),
    'Values whose product this is about: watts, of volts and amperes. It tells the unit.',
    4,
  ),
  absent: listOf(Type.Number(), 'Raw values that mean "not there".', 20),
  absentTexts: texts('Words that mean "not there".'),
  atLeast: Type.Optional(number('Least value that is believed.')),
  atMost: Type.Optional(number('Largest value that is believed.')),
  orScales: listOf(Type.Number(), 'Factors to try when the value is not believed.', 5),
  when: Type.Optional(section(tests, { description: 'Read only while this holds.' })),
  limits,
  gradedBy: Type.Optional(name('Value with states by which the device judges this one.')),
  fault: Type.Optional(choice('fault', FAULT_KINDS, 'What is wrong when state or limits say so.')),
  group: Type.Optional(name('Parts of one row, or of the device, that carry on for each other.')),
  states: mapOf(
    section({
      text: text('What the number means.'),
      state: choice('state', HEALTH_STATES, 'What that says about health.'),
    }),
    'Meaning of the numbers of an enumeration.',
  ),
  rawOnly: flag('Only kept as sent, for /snmp; nothing is made of it.'),
};

export const ScalarEntry = section({
  oid: oid('With its instance.'),
  ...reading,
  rarelyChanges: flag('Names, nominal values and the like.'),
  otherwise: Type.Optional(number('Value of a setting that the device does not tell.')),
});

export const ColumnEntry = section({
  oid: oid('Of the column.'),
  ...reading,
  rarelyChanges: flag('Names, types and the like.'),
  lowHalfOf: Type.Optional(name('64-bit column that this 32-bit counter is the low half of.')),
});

const rowValues = mapOf(
  Type.Array(Type.String({ maxLength: 500 })),
  'Only rows in which the named column has one of these values.',
);

const UP_TO_AN_HOUR = { minimum: 0, maximum: 60, default: 0 } as const;

export const ValueEntry = section({
  name: name('Name of the value.'),
  metric: Type.Optional(label('Exported as this metric, without prefix.')),
  labels: mapOf(Type.String({ maxLength: 100 }), 'Labels of the series.'),
  sum: Type.Optional(mapOfNoDefault(Type.Number(), 'Values and their factors, added up.')),
  first: Type.Optional(
    Type.Array(name('Value.'), {
      description: 'The first of these that the device tells.',
      minItems: 2,
      maxItems: 5,
    }),
  ),
  ratio: Type.Optional(
    section({ of: name('What is divided.'), per: name('By what.') }, { description: 'A share.' }),
  ),
  fallen: Type.Optional(
    section(
      {
        of: name('Value of the whole device.'),
        minutes: Type.Integer({ description: 'How far back counts.', minimum: 1, maximum: 60 }),
        knownFor: Type.Integer({ description: 'Absent for so many minutes.', ...UP_TO_AN_HOUR }),
        share: flag('As a share of the highest value.'),
      },
      { description: 'How far it is below the highest of the last minutes.' },
    ),
  ),
  max: Type.Optional(name('Column: largest value.')),
  min: Type.Optional(name('Column: least value.')),
  mean: Type.Optional(name('Column: mean value.')),
  count: Type.Optional(name('Column: how many rows have a value.')),
  where: rowValues,
  flag: Type.Optional(section(tests, { description: '1 while the tests hold, else 0.' })),
});

export const PoolEntry = section({
  kind: choice('pool kind', POOL_KINDS, 'What fills.'),
  title: Type.Optional(text('How people call it; {row} and names of values are filled in.')),
  used: Type.Optional(name('Value: bytes in use.')),
  free: Type.Optional(name('Value: bytes free.')),
  size: Type.Optional(name('Value: bytes in all.')),
  ratio: Type.Optional(name('Value: share in use, 0..1.')),
  when: Type.Optional(section(tests, { description: 'Only while this holds.' })),
});

const pools = listOf(PoolEntry, 'Memory and disks.', 20);

export const TableEntry = section({
  name: name('Symbolic name of the table.'),
  kind: choice('table kind', TABLE_KINDS, 'How rows are understood.', { default: 'plain' }),
  lookup: flag('Only for joins: its rows are neither exported nor judged.'),
  component: Type.String({
    default: 'row',
    title: 'component',
    description: 'What a row is: port, sensor …',
    pattern: '^[a-z][a-z-]{0,31}$',
  }),
  nameFrom: listOf(name('A text column.'), 'Text columns that name a row, first with text wins.'),
  rowLabel: Type.Optional(label('Label that carries the name of the row.')),
  rowName: Type.Optional(text('Name of a row; {row}, {index} and names of values are filled in.')),
  rows: Type.Optional(section(tests, { description: 'Only rows for which this holds.' })),
  indexValues: listOf(
    section({
      name: name('Name of the value.'),
      from: Type.Integer({ description: 'Which part, from 1; negative: from the end.' }),
      to: Type.Optional(Type.Integer({ description: 'Last part, where it is several.' })),
      as: choice('form', INDEX_FORMS, 'What it is.', { default: 'number' }),
    }),
    'Values that are in the index of a row.',
    10,
  ),
  joins: listOf(
    section({
      table: name('The other table.'),
      by: Type.Optional(name('Value that is the index there; else the own index.')),
      parts: Type.Optional(
        Type.Integer({ description: 'How many parts of the own index; negative: left out.' }),
      ),
      take: mapOfNoDefault(name('Column there.'), 'New names, and what they are there.'),
    }),
    'Values of other tables.',
    10,
  ),
  pools,
  sensor: section(
    {
      type: Type.Optional(name('Column of the type.')),
      scale: Type.Optional(name('Column of the scale.')),
      precision: Type.Optional(name('Column of the precision.')),
      value: Type.Optional(name('Column of the value.')),
      status: Type.Optional(name('Column of the state of the sensor.')),
      lowCritical: Type.Optional(name('Limit in the unit of the value.')),
      lowWarning: Type.Optional(name('Limit in the unit of the value.')),
      highWarning: Type.Optional(name('Limit in the unit of the value.')),
      highCritical: Type.Optional(name('Limit in the unit of the value.')),
      thresholds: Type.Optional(
        section(
          {
            table: name('The table.'),
            value: name('Column of the limit.'),
            relation: name('Column of the relation.'),
            severity: name('Column of the severity.'),
          },
          { description: 'Limits in a table of their own.' },
        ),
      ),
    },
    { description: 'Columns of a table of sensors.', default: {} },
  ),
  only: rowValues,
  exceptNames: texts('Rows whose name begins so are left out.'),
  columns: Type.Array(ColumnEntry, { description: 'Columns to read.', minItems: 1, maxItems: 100 }),
  values: listOf(ValueEntry, 'Values computed in each row.', 50),
  conditions: listOf(ConditionEntry, 'What can be wrong with a row.', 50),
});

const StandardEntry = section({
  of: choice('subject', STANDARD_SUBJECTS, 'What is judged.'),
  fault: choice('fault', FAULT_KINDS, 'What is wrong.'),
  level: choice('level', ['warning', 'critical'], 'How bad it is.'),
  atLeast: Type.Optional(number('It is this or more, in its base unit.')),
  atMost: Type.Optional(number('It is this or less.')),
  stayAtLeast: Type.Optional(number('In place of atLeast while the fault stands.')),
  stayAtMost: Type.Optional(number('In place of atMost while the fault stands.')),
  forPolls: count('Full polls in a row in which it must hold.', {
    minimum: 1,
    maximum: 100,
    default: 1,
  }),
  forMinutes: count('Of ports: how long it must hold.', { minimum: 0, maximum: 1440, default: 15 }),
  only: texts('Only titles that contain one of these.'),
  except: texts('Titles that contain one of these are left out.'),
  exceptProfiles: texts('Profiles whose readings are left out.'),
  ofAll: flag('Every one that the device has, two or more; said once.'),
  text: localText('A short sentence; {row}, {value} and {percent} are filled in.'),
});

function sectionWithDefault<P extends TProperties>(properties: P, description: string) {
  return section(properties, { description, default: {} });
}

export const ProfileFile = section({
  id: id('profile id', 'Id of the profile; the same as the name of the file.', 'ups-mib'),
  title: text('What it is for.', { minLength: 1 }),
  precedence: count('Higher wins where two profiles tell the same.', {
    minimum: 0,
    maximum: 1000,
    default: 100,
  }),
  family: flag('Names a family of devices: of all that fit only the best is taken.'),
  weak: flag('Agents of many makers say that they are it: what they answer counts more.'),
  modules: listOf(
    id('profile id', 'Profile of a MIB.', 'ups-mib'),
    'Modules that devices of the family may have, beside those of their own maker.',
    50,
  ),
  quirks: sectionWithDefault(
    {
      noBulk: flag('GETBULK is not used.'),
      mostVarbinds: Type.Optional(
        count('Objects to a request, at most.', { minimum: 1, maximum: 100 }),
      ),
      gentle: flag('Weak: asked for little at a time, with pauses between requests.'),
    },
    'What these agents cannot do as they should.',
  ),
  match: section(
    {
      always: flag('Every device.'),
      sysObjectId: listOf(oid('Beginning of sysObjectID.'), 'Beginnings of sysObjectID.'),
      sysDescr: texts('Part of sysDescr; where sysObjectId is given too, both must fit.'),
      except: texts('Part of sysDescr of devices that it is not for.'),
      probe: Type.Optional(oid('The device has something below this.')),
      probes: listOf(oid('Beginning.'), 'The device has something below one of these.', 20),
    },
    { description: 'Which devices it is for.' },
  ),
  identity: sectionWithDefault(
    {
      vendor: Type.Optional(name('Scalar with the maker.')),
      model: Type.Optional(name('Scalar with the model.')),
      os: Type.Optional(name('Scalar with the software.')),
      vendorByEnterprise: mapOf(
        Type.String({ maxLength: 100 }),
        'Makers by the number below 1.3.6.1.4.1 in sysObjectID.',
      ),
    },
    'What names the device.',
  ),
  scalars: listOf(ScalarEntry, 'Single objects.', 200),
  tables: listOf(TableEntry, 'Tables.', 50),
  pools,
  values: listOf(ValueEntry, 'Values computed from others.', 100),
  conditions: listOf(ConditionEntry, 'What can be wrong with the device.', 100),
  standards: listOf(StandardEntry, 'Limits for what no device limit judges.', 50),
  stale: Type.Optional(
    section(tests, {
      description: 'While this holds, everything else that is read is old and counts as unknown.',
    }),
  ),
});
