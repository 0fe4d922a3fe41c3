"""The detectors in use, in the order in which they are tried."""

from agent.adapters.redactor.detectors.address_coded import find_coded_addresses
from agent.adapters.redactor.detectors.address_french import find_french_addresses
from agent.adapters.redactor.detectors.address_international import find_international_addresses
from agent.adapters.redactor.detectors.birth_date import find_birth_dates
from agent.adapters.redactor.detectors.card import find_cards
from agent.adapters.redactor.detectors.company import find_company_numbers
from agent.adapters.redactor.detectors.email import find_emails
from agent.adapters.redactor.detectors.handle import find_handles
from agent.adapters.redactor.detectors.iban import find_ibans
from agent.adapters.redactor.detectors.ip import find_ips
from agent.adapters.redactor.detectors.national_id import find_national_ids
from agent.adapters.redactor.detectors.order_id import find_order_ids
from agent.adapters.redactor.detectors.person import find_people
from agent.adapters.redactor.detectors.phone import find_phones
from agent.adapters.redactor.detectors.plate import find_plates
from agent.adapters.redactor.detectors.url import find_urls
from agent.adapters.redactor.found import Detector
from agent.domain.redaction import PersonalDataType

DETECTORS = (
    Detector("email", PersonalDataType.EMAIL, find_emails),
    Detector("url", PersonalDataType.URL_PERSONAL, find_urls),
    Detector("handle", PersonalDataType.HANDLE, find_handles),
    Detector("ip", PersonalDataType.IP, find_ips),
    Detector("iban", PersonalDataType.IBAN, find_ibans),
    Detector("card", PersonalDataType.CARD, find_cards),
    Detector("national_id", PersonalDataType.NIR, find_national_ids),
    Detector("company", PersonalDataType.SIRET_SIREN, find_company_numbers),
    Detector("birth_date", PersonalDataType.DOB, find_birth_dates),
    Detector("plate", PersonalDataType.PLATE, find_plates),
    Detector("order_id", PersonalDataType.ORDER_ID, find_order_ids),
    Detector("phone", PersonalDataType.PHONE, find_phones),
    Detector("address_french", PersonalDataType.ADDRESS, find_french_addresses),
    Detector("address_coded", PersonalDataType.ADDRESS, find_coded_addresses),
    Detector("address_international", PersonalDataType.ADDRESS, find_international_addresses),
    Detector("person", PersonalDataType.PERSON, find_people),
)
