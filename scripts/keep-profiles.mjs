// Reads the shipped profiles once, so that a start need not: on the pinned Node, which reads TypeScript.
import { keepShippedProfiles } from '../config/shipped-profiles.ts';

keepShippedProfiles();
