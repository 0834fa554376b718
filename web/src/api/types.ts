// Short names for the schemas of docs/openapi.yaml.
import type { components } from './schema';

type Schemas = components['schemas'];
export type Collection = Schemas['Collection'];
export type Collections = Schemas['Collections'];
export type Encoder = Schemas['Encoder'];
export type Item = Schemas['Item'];
export type Job = Schemas['Job'];
export type JobKind = Job['kind'];
export type Label = Schemas['Label'];
export type Layer = Schemas['Layer'];
export type MapEntry = Schemas['MapEntry'];
export type MapInfo = Schemas['Map'];
export type NewCollection = Schemas['NewCollection'];
export type NewJob = Schemas['NewJob'];
export type Place = Schemas['Place'];
export type Remedy = NonNullable<Schemas['Problem']['remedy']>;
export type Query = Schemas['Query'];
export type Result = Schemas['Result'];
export type Results = Schemas['Results'];
export type Scores = Schemas['Scores'];
export type Skipped = Schemas['Skipped'];
export type Space = Schemas['Space'];
