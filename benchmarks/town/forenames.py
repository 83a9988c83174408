"""Forenames of several origins, commonest first, with nicknames and spellings; written for this project, from no data set."""

MALE = {
    "english_old": """John David Michael Peter Robert Paul William Brian Kenneth Alan Anthony Stephen Colin Keith Derek
        Raymond Roger Geoffrey Graham Barry Ronald Terence Dennis George Trevor Gordon Malcolm Philip Ian Kevin Norman
        Donald Eric Leslie Stanley Gerald Clive Neil Martin Nigel Andrew Christopher Richard Charles Frank Harold Roy
        Stuart Douglas Edward Jeffrey Maurice Bernard Victor Leonard Arthur Ernest Albert Desmond Rodney Duncan Glyn
        Howard Melvyn Russell Vincent Laurence Hugh Cyril Lionel""",
    "english": """Mark Andrew Paul Christopher Lee James Matthew Daniel Craig Stephen Richard Simon Darren Jason Adam
        Ben Ryan Thomas Scott Stuart Carl Wayne Dean Gary Jamie Luke Jonathan Nicholas Robert Michael David Gareth Shaun
        Nathan Martin Kevin Ian Neil Anthony Steven Timothy Philip Karl Ross Joseph Samuel Alexander Edward Jack Benjamin
        Liam Kieran Damien Kyle Ashley Marcus Leon Graham Robin Adrian Dominic Russell Gavin Warren Barry Glen Antony Guy
        Rhys Alistair Toby Jake Rory Oliver Charles Peter George William John""",
    "english_young": """Jack Oliver Thomas Harry Joshua Alfie Charlie Daniel James William George Samuel Joseph Ethan
        Benjamin Jacob Luke Liam Callum Jake Lewis Matthew Ryan Tyler Max Logan Jayden Connor Dylan Alexander Nathan Kieran
        Harvey Owen Riley Leo Archie Oscar Mason Lucas Henry Adam Bradley Cameron Edward Jamie Kyle Louis Aaron Freddie
        Michael Reece Toby Finley Ben Isaac Brandon Sebastian Corey Kai Ellis Robert Noah Christopher Jordan Jude Zachary
        Morgan Kian Theo David Hayden Declan Elliot Rhys Ashton Billy Sam Gabriel Joel Tobias Jenson Stanley Bobby Blake
        Frankie Ronnie Taylor Kayden Leon Marcus Dominic Zak Alex Felix Hugo Rory Evan Reuben Frederick Arthur Shay Rowan
        Brody Casey Spencer Troy Jay Dexter Jaden Caleb""",
    "pakistani": """Mohammed Ali Ahmed Hassan Imran Usman Bilal Hamza Zain Ibrahim Tariq Nadeem Khalid Asif Adnan Faisal
        Kamran Yusuf Haroon Umar Abdul Shahid Waqas Amir Junaid Saad Rizwan Iqbal Zeeshan Arslan Shabir Nasir Tahir Abdullah
        Ismail Idris Zubair Rashid Sajid Aamir Naveed Javed Mahmood Akram Aslam Rafiq Shafiq Musa Haider Talha Salman Danish
        Sohail Wasim Qasim Shoaib Yasin Eesa Rayyan Ayaan""",
    "punjabi": """Gurpreet Harpreet Jaspreet Manpreet Amarjit Balbir Baldev Gurdeep Hardeep Jagdeep Kuldeep Mandeep Rajinder
        Sukhdeep Surjit Harjit Paramjit Ranjit Satnam Tarlochan Arjan Jeevan Karan Simran Amrit Dalbir Gurcharan Harbhajan
        Inderjit Jaswinder Kulwinder Lakhbir Mohinder Nirmal Ravinder Sandeep Tejinder""",
    "gujarati": """Amit Rajesh Sanjay Vijay Anil Sunil Nikhil Rahul Ashok Dinesh Mahesh Ramesh Suresh Bhavesh Hitesh Jayesh
        Kalpesh Mitesh Nilesh Paresh Rakesh Ritesh Vishal Ankit Arjun Deepak Dhruv Harish Jay Ketan Krishan Manish Mehul Mukesh
        Naresh Pravin Rohan Sachin Tushar Vivek Yash Kiran Neel""",
    "african": """Emmanuel Samuel Daniel David Michael Joseph Oluwaseun Adebayo Tunde Chidi Emeka Kwame Kofi Kwaku Yaw Femi
        Segun Babatunde Ikechukwu Obinna Chukwuemeka Kelechi Uche Tobi Ayodele Olamide Gbenga Kunle Wale Dele Nnamdi Ebuka
        Chinedu Ifeanyi Kojo Ekow Kwabena Abiodun Akin Ola Israel Elijah Joshua Moses Isaac Gideon Victor Prince Godwin
        Blessing Tendai Tapiwa Farai Tinashe""",
    "caribbean": """Winston Delroy Errol Clive Leroy Desmond Curtis Marlon Wayne Jermaine Tyrone Andre Leon Marcus Devonte
        Kemar Tyrell Jerome Dwayne Malachi Isaiah Elijah Nathaniel Reuben Micah Theo Jaden Kyron Rashaan Troy""",
    "irish": """Patrick Sean Michael John Liam Connor Declan Brendan Kieran Eoin Padraig Niall Cormac Dermot Brian Kevin
        Eamon Fergus Finbar Colm Cian Oisin Fionn Ronan Donal Gerard Seamus Aidan Rory Tadhg Conor Darragh Cathal Shane Killian""",
    "polish": """Piotr Krzysztof Andrzej Tomasz Pawel Marcin Michal Jakub Mateusz Kacper Jan Adam Lukasz Grzegorz Wojciech
        Dawid Kamil Bartosz Rafal Szymon Filip Mariusz Dariusz Zbigniew Jerzy Stanislaw Artur Robert Maciej Oskar Igor Antoni
        Franciszek Aleksander Wiktor Dominik Hubert Patryk Sebastian Slawomir""",
    "arabic": """Ahmed Omar Ali Hassan Mohamed Khalid Youssef Ibrahim Mustafa Karim Tariq Samir Bilal Hamza Abdullah Yusuf
        Nabil Rami Walid Ziad Mahmoud Hisham Fadi Anwar Jamal Salim Idris Adil Rachid Abdirahman Abdi Liban Mahad Farah Hussein
        Sami Bassam Marwan Osama Said Yasin Suleiman Abdul-Rahman Abdul-Aziz""",
    "chinese": """Wei Jun Ming Hao Jian Yi Lei Feng Xiang Bo Chun Kai Tao Zhen Hong Chi Ho-Yin Ka-Ming Wai-Kit Tsz-Hin
        Chun-Hei Siu-Ming Kwok-Wai Zihan Haoran Yuxuan Jason Kevin Alan Eric Raymond Simon Vincent Anson Jacky Ryan Lucas""",
    "portuguese": """Joao Pedro Miguel Rui Paulo Carlos Tiago Andre Bruno Nuno Ricardo Luis Jorge Hugo Diogo Rafael Fabio
        Marco Sergio Vitor Gabriel Lucas Mateus Tomas Rodrigo Duarte Santiago Leonardo""",
}
FEMALE = {
    "english_old": """Margaret Patricia Jean Mary Susan Christine Barbara Ann Maureen Sheila Janet Carol Sandra Linda
        Pamela Joan Valerie Jennifer Judith Dorothy Brenda Shirley Kathleen Marion Marjorie Joyce Beryl Doreen Eileen Sylvia
        Rita Irene Gillian Jacqueline Hilary Rosemary Diane Lesley Elaine Hazel Maria Anne Elizabeth Betty Audrey Edna Vera
        Iris Gwendoline Muriel Daphne Josephine Yvonne Wendy Glenys Marlene Thelma Avril Norma Phyllis Hilda Elsie Freda""",
    "english": """Sarah Claire Emma Nicola Lisa Joanne Michelle Karen Samantha Rebecca Laura Rachel Kelly Julie Amanda
        Louise Helen Victoria Jennifer Gemma Tracey Donna Katherine Angela Alison Zoe Stacey Natalie Hayley Charlotte Amy Lucy
        Hannah Stephanie Melanie Dawn Sharon Kerry Leanne Danielle Deborah Jacqueline Andrea Catherine Vanessa Heather Katie
        Lindsay Kirsty Tina Paula Maria Marie Lorraine Wendy Ruth Jane Anna Naomi Abigail Jessica Chloe Kimberley Cheryl Tanya
        Lynsey Sally Beverley Debbie Clare Lyndsey Carly Natasha Toni Jodie Bethany Holly Sophie Fiona Elizabeth""",
    "english_young": """Olivia Emily Jessica Sophie Chloe Lily Ella Amelia Grace Lucy Charlotte Mia Ruby Ellie Megan Hannah
        Evie Isabella Holly Millie Poppy Daisy Freya Leah Katie Abigail Emma Molly Imogen Eleanor Phoebe Amber Caitlin Isabelle
        Lola Eva Erin Elizabeth Rebecca Anna Georgia Bethany Summer Scarlett Maisie Lauren Jasmine Rosie Lacey Amy Matilda Eloise
        Madison Alice Niamh Libby Skye Paige Isla Keira Harriet Sienna Tia Aimee Rose Maddison Courtney Sarah Laura Gracie Brooke
        Zara Martha Nicole Kayla Lexi Florence Hollie Faith Alisha Tilly Demi Shannon Kiera Darcey Lydia Francesca Victoria Rachel
        Bella Heidi Shanice Naomi Tegan Mollie Julia Maya Esme Beatrice Chelsea Jodie Ava Connie Eden Skyla""",
    "pakistani": """Fatima Aisha Zainab Maryam Khadija Amina Sana Saima Nadia Shabana Rukhsana Nasreen Shazia Samina
        Farzana Rabia Hafsa Iqra Sumaiya Hira Noor Safa Zara Mariam Ayesha Bushra Yasmin Shaista Parveen Nazia Uzma Rehana Tahira
        Naseem Zahra Kiran Sobia Anam Laiba Humaira Saira Tasneem Rubina Asma Halima Inaya Aleena Mehwish Javeria""",
    "punjabi": """Gurpreet Harpreet Jaspreet Manpreet Amarjit Balbir Baljit Gurdeep Hardeep Jagdeep Kuldeep Mandeep Rajinder
        Sukhdeep Surjit Harjit Paramjit Ranjit Satnam Simran Amrit Jasleen Kirandeep Navneet Parminder Rupinder Sharanjit Jasmin
        Kulwinder Lakhwinder Mohinder Nirmal Ravinder Sandeep Tejinder Anisha Karina Roop""",
    "gujarati": """Priya Nisha Anjali Kavita Sunita Meena Hina Jyoti Pooja Neha Bhavna Daksha Hansa Jigna Komal Minal Nita
        Pushpa Rekha Sangita Shilpa Smita Trupti Urvashi Varsha Aarti Diya Kajal Krupa Mital Payal Riya Sejal Shreya Tejal Vidya
        Asha Usha Radhika Anika""",
    "african": """Blessing Grace Esther Mary Ruth Oluwaseun Chioma Ngozi Adaeze Ifeoma Abimbola Folake Bukola Yetunde Titilayo
        Funmilayo Temitope Amaka Nneka Chiamaka Akosua Ama Abena Adwoa Efua Yaa Akua Sarah Deborah Joy Mercy Comfort Patience
        Precious Gift Favour Peace Rukayat Simisola Omolara Tolulope Oluchi Uju Nkechi Rudo Tendai Chipo Rutendo Faith Victoria""",
    "caribbean": """Beverley Sharon Yvonne Marcia Sonia Jacqueline Michelle Natasha Chantelle Shanice Tanisha Kadian Aaliyah
        Tiana Shanelle Renee Monique Kezia Naomi Jada Leticia Simone Paulette Claudette Hyacinth Latoya Kiara Amara""",
    "irish": """Mary Siobhan Aoife Niamh Ciara Roisin Sinead Orla Maeve Caoimhe Deirdre Grainne Bridget Kathleen Noreen Eileen
        Bernadette Theresa Saoirse Clodagh Fionnuala Nuala Una Aisling Eimear Catherine Margaret Shauna Sorcha Cliona""",
    "polish": """Anna Maria Katarzyna Malgorzata Agnieszka Barbara Ewa Krystyna Magdalena Monika Joanna Zofia Julia Zuzanna
        Maja Hanna Aleksandra Natalia Wiktoria Karolina Dorota Beata Iwona Justyna Renata Paulina Oliwia Lena Alicja Amelia Nikola
        Weronika Martyna Kinga Gabriela Sylwia Edyta Danuta Jadwiga Izabela""",
    "arabic": """Fatima Amina Khadija Leila Nadia Salma Maryam Zainab Huda Samira Rania Hanan Yasmin Layla Sara Noor Iman Souad
        Naima Amal Dina Farah Ayan Hodan Ifrah Sagal Fadumo Hibo Asha Zahra Hawa Mona Rasha Lina Hala Safiya Sumaya Rahma Ikram""",
    "chinese": """Mei Li Xiu Ying Yan Hui Fang Jing Ling Na Xia Min Yu Qing Lan Hua Ka-Yan Wing-Yan Hoi-Ching Siu-Fong Mei-Ling
        Pui-Yee Tsz-Ching Yuet-Ling Zixuan Yutong Grace Amy Vivian Winnie Fiona Cindy Jessica Chloe Emily Sophia""",
    "portuguese": """Maria Ana Sofia Ines Beatriz Carla Sandra Patricia Catarina Joana Marta Rita Susana Teresa Paula Sonia
        Leonor Matilde Carolina Mariana Lara Daniela Filipa Raquel Andreia Vera Margarida Isabel""",
}
TAIL_STEMS = """Ar Bel Bran Cal Car Dar Dev El Em Fal Gar Hal Jac Jal Jas Kal Kar Kel Kor Lan Lar Lin Lor Mal Mar Mel Mor Nal
    Nor Or Pel Ral Ros Sel Shan Shar Sil Tal Tam Tar Tor Val Var Vel Wil Xan Yol Zan Zel""".split()
TAIL_MALE = "an ar den don en ian in is ius ley lon on or ran rick ron son ton vin yn".split()
TAIL_FEMALE = "a ana anne ara elle ena essa etta ia ica ilee ina inda ine isa issa leigh lyn ora yssa".split()

NICKNAMES = {
    name: tuple(short)
    for name, *short in (
        line.split()
        for line in """Alexander Alex Xander
        Alexandra Alex Sandra
        Abigail Abi Abbie
        Andrew Andy Drew
        Anthony Tony
        Benjamin Ben Benji
        Bethany Beth
        Bradley Brad
        Cameron Cam
        Caitlin Cait
        Catherine Cathy Kate
        Charles Charlie Chas
        Charlotte Charlie Lottie
        Christopher Chris Kit
        Christine Chris Chrissie
        Daniel Dan Danny
        Danielle Dani
        David Dave
        Deborah Debbie Deb
        Dominic Dom
        Edward Ed Eddie
        Eleanor Ellie Nell
        Elizabeth Liz Beth Lizzie
        Francesca Fran Chessie
        Frederick Fred Freddie
        Gabriel Gabe
        Geoffrey Geoff
        Georgia Georgie
        Gerard Ged
        Gwendoline Gwen
        Harriet Hattie
        Isabella Bella Izzy
        Isabelle Izzy Belle
        Jacob Jake
        Jacqueline Jackie
        James Jim Jamie
        Jennifer Jenny Jen
        Jessica Jess
        Joanne Jo
        Jonathan Jon Jonny
        Joseph Joe Joey
        Joshua Josh
        Katherine Kate Kathy
        Kathleen Kath
        Kenneth Ken
        Kimberley Kim
        Leonard Len
        Margaret Maggie Peggy
        Matthew Matt
        Matilda Tilly
        Michael Mike Mick
        Michelle Shell
        Nathan Nate
        Natasha Tasha
        Nicholas Nick
        Nicola Nicky
        Oliver Ollie
        Olivia Liv Livvy
        Oluwaseun Seun
        Patricia Pat Trish
        Patrick Paddy Pat
        Philip Phil
        Rebecca Becky Becca
        Richard Rick Rich
        Robert Bob Rob
        Ronald Ron
        Samantha Sam
        Samuel Sam Sammy
        Sebastian Seb
        Stanley Stan
        Stephanie Steph
        Stephen Steve
        Steven Steve
        Susan Sue
        Temitope Temi
        Theresa Terry
        Thomas Tom Tommy
        Timothy Tim
        Tolulope Tolu
        Victoria Vicky Tori
        Vincent Vince
        William Will Billy
        Zachary Zach Zak
        Aleksandra Ola
        Katarzyna Kasia
        Malgorzata Gosia
        Agnieszka Aga
        Krzysztof Krzys
        Tomasz Tomek
        Jakub Kuba
        Mohammed Mo
        Mohamed Mo
        Imran Immy
        Gurpreet Gurp Preet
        Chukwuemeka Emeka
        Babatunde Tunde""".splitlines()
    )
}
"""Forename to its short forms."""

SPELLINGS = [
    line.split()
    for line in """Mohammed Muhammad Mohamed Mohammad Muhammed
    Ahmed Ahmad Ahmet
    Hussain Hussein Husain Hossain
    Aisha Ayesha Aysha
    Fatima Fatimah Fatema
    Zainab Zaynab Zeinab
    Maryam Mariam Miriam
    Khadija Khadijah Khadeeja
    Yusuf Yousuf Youssef Yousef
    Ibrahim Ebrahim Ibraheem
    Abdullah Abdulla Abdallah
    Usman Uthman Osman
    Umar Omar Omer
    Hassan Hasan
    Bilal Belal
    Imran Emran
    Noor Nur
    Sara Sarah
    Catherine Katherine Kathryn Catharine
    Stephen Steven
    Jayden Jaiden Jaydon
    Niamh Neve
    Caitlin Kaitlyn Katelyn
    Connor Conor Conner
    Sean Shaun Shawn
    Kieran Kieron Ciaran
    Aimee Amy
    Isabelle Isabel Isobel
    Lewis Louis
    Rhys Reece Rees
    Zak Zac Zach
    Ann Anne
    Claire Clare
    Geoffrey Jeffrey
    Philip Phillip
    Alan Allan Allen
    Graham Graeme
    Kerry Kerrie
    Tracey Tracy
    Nicola Nichola
    Lindsay Lynsey Lyndsey
    Chowdhury Choudhury Chaudhry Choudhry
    Begum Begam
    Shaikh Sheikh Shaykh
    Miah Mia
    Siddiqui Siddiqi Siddique
    Rahman Rehman Rahmaan
    Iqbal Eqbal
    Qureshi Quraishi Koreshi
    Clarke Clark
    Thompson Thomson
    Davies Davis
    Phillips Philips
    Stephens Stevens
    Bailey Bayley Baillie
    Matthews Mathews
    Pearce Pierce
    Reynolds Reynalds
    Nicholls Nichols
    Haynes Haines
    Neill Neal Neale""".splitlines()
]
"""Names that are written in more than one way; any spelling may be written for any other."""
