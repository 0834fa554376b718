// Announcements of visible changes for screen readers.

class Announcer {
  text = $state('');

  say(text: string) {
    this.text = text;
  }
}

export const announcer = new Announcer();
