import { PHONES, type PhoneName } from './lines.js';
import { modulesFolder, Phone, type PhoneOptions } from './phone.js';
import { takePort } from './ports.js';

/** UDP ports for the media of one phone. */
const MEDIA_PORTS = 100;

export const PHONE_MEDIA_PORTS = MEDIA_PORTS * Object.keys(PHONES).length;

export interface Phones {
  all: Phone[];
  ports: Record<PhoneName, number>;
  find(name: PhoneName): Phone;
}

/**
 * All phones of lines.ts, not yet started.
 * @param mediaPort the first of `PHONE_MEDIA_PORTS`
 */
export async function createPhones(
  common: Pick<PhoneOptions, 'folder' | 'verbose' | 'onCrash'>,
  mediaPort: number,
): Promise<Phones> {
  const phones = new Map<PhoneName, Phone>();
  const ports = {} as Record<PhoneName, number>;
  const modules = modulesFolder();
  for (const [index, name] of (Object.keys(PHONES) as PhoneName[]).entries()) {
    ports[name] = await takePort(`phone ${name}`, 'udp');
    const phone = new Phone({
      ...common,
      name,
      behaviour: PHONES[name],
      sipPort: ports[name],
      controlPort: await takePort(`control of phone ${name}`, 'tcp'),
      mediaPort: mediaPort + MEDIA_PORTS * index,
      modules,
    });
    phones.set(name, phone);
  }
  return {
    all: [...phones.values()],
    ports,
    find: (name) => {
      const phone = phones.get(name);
      if (!phone) throw new Error(`There is no phone "${name}"`);
      return phone;
    },
  };
}
