// Outlines on a square of 24; drawn for this app.
export const icons = {
  close: 'M6 6l12 12M18 6L6 18',
  plus: 'M12 5v14M5 12h14',
  minus: 'M5 12h14',
  info: 'M12 11v6M12 7.5v.01M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0z',
  random: 'M4 7h3l9 10h4M4 17h3l3-3.4M13 9.6L16 7h4M17.5 4.5L20 7l-2.5 2.5M17.5 14.5L20 17l-2.5 2.5',
  camera: 'M4 8h3.5L9 5.5h6L16.500 8H20v11H4zM15.500 13a3.500 3.500 0 1 1-7 0 3.500 3.500 0 0 1 7 0z',
  file: 'M4 6h6l2 2.500h8V19H4z',
  paste: 'M9 4h6v3H9zM9 5.500H6V20h12V5.500h-3',
  crop: 'M7 3v14h14M3 7h14v14',
  search: 'M16 16l4.500 4.500M17.500 11a6.500 6.500 0 1 1-13 0 6.500 6.500 0 0 1 13 0z',
  filter: 'M4 6h16M7 12h10M10 18h4',
  check: 'M5 12.500l4.500 4.500L19 7.500',
  copy: 'M9 9h11v11H9zM6 15H4V4h11v2',
  chevron: 'M9 5l7 7-7 7',
  sun: 'M12 3v2M12 19v2M3 12h2M19 12h2M5.600 5.600L7 7M17 17l1.400 1.400M18.400 5.600L17 7M7 17l-1.400 1.400M16 12a4 4 0 1 1-8 0 4 4 0 0 1 8 0z',
  moon: 'M20 14.500A8.500 8.500 0 0 1 9.500 4 8.500 8.500 0 1 0 20 14.500z',
  auto: 'M12 3a9 9 0 1 0 0 18zM12 3a9 9 0 0 1 0 18',
  map: 'M7 8v.01M11 14v.01M16 7v.01M17 16v.01M13 10v.01M6 17v.01M3.500 3.500h17v17h-17z',
  compare: 'M4 5h6v14H4zM14 5h6v14h-6z',
  layers: 'M12 4l9 4.500-9 4.500-9-4.500zM3 12.500l9 4.500 9-4.500M3 16.500L12 21l9-4.500',
  folder: 'M4 6h6l2 2.500h8V19H4z',
  help: 'M9.500 9.500a2.500 2.500 0 1 1 3.500 2.300c-.700.300-1 .800-1 1.700M12 17v.01M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0z',
} as const;

export type IconName = keyof typeof icons;
