import { mount } from 'svelte';
import '../tokens.css';
import '../base.css';
import type { MapData } from './data';
import MapFile from './MapFile.svelte';

const data = JSON.parse(document.getElementById('data')!.textContent) as MapData;
mount(MapFile, { target: document.body, props: { title: document.title, data } });
